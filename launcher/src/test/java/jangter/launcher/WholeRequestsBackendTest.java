package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.bson.Document;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeRequestsBackendTest {

    private static final int WRITERS = 4;
    private static final int DOCUMENTS = 300;
    /** Collections that are between the two in the file: the more of them, the longer it takes from the one to the other. */
    private static final int BETWEEN = 1_000;

    @TempDir
    Path folder;

    @Test
    void in_every_saved_state_no_token_is_ahead_of_its_view() throws IOException {
        Path file = folder.resolve("mongo.mv");
        List<Path> states = new ArrayList<>();
        WholeRequestsBackend backend = WholeRequestsBackend.on(file.toString(), EmbeddedSettings.Views.FILE);
        MongoServer server = new MongoServer(backend);
        InetSocketAddress address = server.bind();
        try (MongoClient client = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort())) {
            MongoDatabase database = client.getDatabase("shop");
            set(database.getCollection("view"), "none", 0);
            IntStream.range(0, BETWEEN).forEach(n -> set(database.getCollection("between-" + n), "none", 0));
            IntStream.range(0, WRITERS).forEach(writer -> write(database, "writer-" + writer, 0));
            CompletableFuture<?> written = CompletableFuture.allOf(IntStream.range(0, WRITERS)
                    .mapToObj(writer -> CompletableFuture.runAsync(() -> IntStream.range(0, DOCUMENTS).forEach(i -> write(database, "writer-" + writer, i))))
                    .toArray(CompletableFuture[]::new));
            while (!written.isDone()) {
                backend.save();
                states.add(Files.copy(file, folder.resolve("state-" + states.size())));
            }
            written.join();
        } finally {
            server.shutdownNow();
        }

        assertThat(states).hasSizeGreaterThan(20).allSatisfy(WholeRequestsBackendTest::assertWhole);
    }

    /** As an event processor does: first the view, and when that is answered the token. */
    private static void write(MongoDatabase database, String writer, int number) {
        set(database.getCollection("view"), writer + "-" + number, number);
        set(database.getCollection("tokens"), writer, number);
    }

    private static void set(MongoCollection<Document> collection, String id, int number) {
        collection.updateOne(Filters.eq("_id", id), Updates.set("number", number), new UpdateOptions().upsert(true));
    }

    private static void assertWhole(Path state) {
        try (MVStore store = new MVStore.Builder().fileName(state.toString()).readOnly().open()) {
            MVMap<String, de.bwaldvogel.mongo.bson.Document> view = documents(store, "view");
            MVMap<String, de.bwaldvogel.mongo.bson.Document> tokens = documents(store, "tokens");

            assertThat(tokens).allSatisfy((writer, token) -> assertThat(view.containsKey(writer + "-" + token.get("number"))).isTrue());
        }
    }

    private static MVMap<String, de.bwaldvogel.mongo.bson.Document> documents(MVStore store, String collection) {
        return store.openMap("databases.shop." + collection, new MVMap.Builder<String, de.bwaldvogel.mongo.bson.Document>().valueType(new BsonType()));
    }
}
