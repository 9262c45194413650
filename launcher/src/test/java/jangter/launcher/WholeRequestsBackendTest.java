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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeRequestsBackendTest {

    private static final int WRITERS = 4;
    private static final int DOCUMENTS = 300;
    /** Collections that are between the two in the file: the more of them, the longer it takes from the one to the other. */
    private static final int BETWEEN = 1_000;

    private static final int CUSTOMERS = 10_000;
    /** No two rounds touch the same page. */
    private static final int STRIDE = 100;

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

    @Test
    void where_most_of_the_file_no_longer_stands_it_can_be_used_again() {
        WholeRequestsBackend backend = WholeRequestsBackend.unsaved(folder.resolve("mongo.mv").toString(), EmbeddedSettings.Views.FILE);
        MVStore store = backend.getMvStore();
        MongoServer server = new MongoServer(backend);
        InetSocketAddress address = server.bind();
        try (MongoClient client = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort())) {
            MongoCollection<Document> view = client.getDatabase("shop").getCollection("view");
            view.insertMany(IntStream.range(0, CUSTOMERS).mapToObj(n -> new Document("_id", "customer-%05d".formatted(n)).append("number", -1)
                    .append("text", "x".repeat(100))).toList());
            save(backend);
            // of what each saves, the next leave less and less standing
            for (int round = 0; round < 160; round++) {
                for (int n = 37 * round % STRIDE; n < CUSTOMERS; n += STRIDE) {
                    set(view, "customer-%05d".formatted(n), round);
                }
                save(backend);
            }
            // else it waits until what it rewrites is old
            store.setRetentionTime(0);
            assertThat(store.getFillRate()).as("hundredths of the file in use").isGreaterThan(95);
            long size = store.getFileStore().size();

            backend.tidy();
            save(backend);

            assertThat(store.getFillRate()).as("hundredths of the file in use").isLessThan(90);
            assertThat(store.getFileStore().size() - size).as("bytes that it grew by").isLessThanOrEqualTo(4L * 1024 * 1024);
            assertThat(view.countDocuments()).isEqualTo(CUSTOMERS);
            assertThat(view.find(Filters.eq("_id", "customer-07937")).first()).containsEntry("number", 101);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void documents_take_less_of_the_file_than_they_are() throws IOException {
        Path file = folder.resolve("mongo.mv");
        WholeRequestsBackend backend = WholeRequestsBackend.unsaved(file.toString(), EmbeddedSettings.Views.FILE);
        MongoServer server = new MongoServer(backend);
        InetSocketAddress address = server.bind();
        List<Document> coupons = IntStream.range(0, CUSTOMERS).mapToObj(n -> new Document("_id", "customer-%05d/coupon-%08x".formatted(n, 77 * n))
                .append("campaign", "campaign-%08x".formatted(n / 1_000)).append("name", "Autumn").append("expiresAt", new Date(1_000L * n)).append("version", 0L))
                .toList();
        try (MongoClient client = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort())) {
            client.getDatabase("shop").getCollection("coupons").insertMany(coupons);
            save(backend);
        } finally {
            server.shutdownNow();
        }

        assertThat(Files.size(file)).isLessThan(coupons.stream().mapToLong(coupon -> new RawBsonDocument(coupon, new DocumentCodec()).getByteBuffer().remaining()).sum() * 3 / 4);
        try (MVStore store = new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            assertThat(documents(store, "coupons")).hasSize(CUSTOMERS);
        }
    }

    /** And waits until it is in the file. */
    private static void save(WholeRequestsBackend backend) {
        long writes = backend.getMvStore().getFileStore().getWriteCount();
        backend.save();
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> backend.getMvStore().getFileStore().getWriteCount() > writes);
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
            MVMap<String, byte[]> view = documents(store, "view");
            MVMap<String, byte[]> tokens = documents(store, "tokens");

            assertThat(tokens).allSatisfy((writer, token) -> assertThat(view.containsKey(writer + "-" + DocumentBytes.document(token).get("number"))).isTrue());
        }
    }

    private static MVMap<String, byte[]> documents(MVStore store, String collection) {
        return store.openMap("databases.shop." + collection, new MVMap.Builder<String, byte[]>().valueType(new BsonType()));
    }
}
