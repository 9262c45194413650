package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.result.UpdateResult;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done by {@link PlainChange} comes out as by the library alone, which is asked for the same. */
class PlainChangeTest {

    private static final int CHANGES = 1_500;
    private static final List<String> FIELDS = List.of("a", "b", "c", "7", "a.x", "a.y", "a.x.deep", "b.7", "c.0", "c.x", "list", "list.0", "list.x", "none.x",
            "_id", "_id.x", "$a", "a.$");

    @TempDir
    Path folder;
    private DevelopmentMongo ours;
    private MongoServer library;
    private MongoClient oursClient;
    private MongoClient librarysClient;

    @BeforeEach
    void setUp() {
        ours = DevelopmentMongo.start(folder.resolve("ours"), 0, EmbeddedSettings.Views.FILE);
        library = new MongoServer(new H2Backend(folder.resolve("library.mv").toString()));
        InetSocketAddress address = library.bind();
        oursClient = MongoClients.create(ours.uri());
        librarysClient = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort());
    }

    @AfterEach
    void tearDown() {
        oursClient.close();
        librarysClient.close();
        library.shutdownNow();
        ours.close();
    }

    @Test
    void whatever_is_changed_comes_out_as_by_the_library() {
        Random random = new Random(7);
        MongoCollection<Document> here = documents(oursClient);
        MongoCollection<Document> there = documents(librarysClient);
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            Bson which = selector(random);
            Bson change = change(random);
            boolean upsert = random.nextBoolean();

            String outcome = outcome(here, which, change, upsert);

            assertThat(outcome).as("%s %s %s", which, change, upsert).isEqualTo(outcome(there, which, change, upsert));
            assertThat(all(here)).as("%s %s %s", which, change, upsert).isEqualTo(all(there));
            outcomes.add(outcome.replaceAll(":.*", ""));
            if (random.nextInt(20) == 0) {
                Bson gone = new Document("_id", id(random));
                here.deleteOne(gone);
                there.deleteOne(gone);
            }
        }
        assertThat(outcomes).contains("made", "changed", "as it was", "none", "refused");
    }

    private static MongoCollection<Document> documents(MongoClient client) {
        return client.getDatabase("shop").getCollection("documents");
    }

    private static String outcome(MongoCollection<Document> documents, Bson which, Bson change, boolean upsert) {
        try {
            UpdateResult result = documents.updateOne(which, change, new UpdateOptions().upsert(upsert));
            return result.getUpsertedId() != null ? "made: " + result.getUpsertedId().isString()
                    : result.getMatchedCount() == 0 ? "none" : result.getModifiedCount() == 0 ? "as it was" : "changed";
        } catch (MongoException refused) {
            return "refused: " + refused.getCode();
        } catch (BsonInvalidOperationException withoutCode) {
            return "refused";
        }
    }

    /** In the order of their ids, with the order of fields left out, which nobody relies on. */
    private static List<Document> all(MongoCollection<Document> documents) {
        return documents.find(new Document("_id", new Document("$type", "string"))).sort(new Document("_id", 1)).into(new ArrayList<>());
    }

    private static Document selector(Random random) {
        Document byId = new Document("_id", id(random));
        return switch (random.nextInt(4)) {
            case 0 -> new Document("$and", List.of(byId, new Document("a", new Document("$not", new Document("$gte", random.nextInt(3))))));
            case 1 -> byId.append("b", random.nextInt(3));
            default -> byId;
        };
    }

    private static String id(Random random) {
        return "id-" + random.nextInt(5);
    }

    private static Document change(Random random) {
        Document change = new Document();
        List<String> operators = List.of("$set", "$setOnInsert", "$unset", "$set", "$unset", "$inc");
        for (int i = 0; i <= random.nextInt(3); i++) {
            Document fields = new Document();
            for (int j = 0; j <= random.nextInt(3); j++) {
                fields.append(FIELDS.get(random.nextInt(random.nextInt(4) == 0 ? FIELDS.size() : 11)), value(random));
            }
            change.append(operators.get(random.nextInt(operators.size())), fields);
        }
        return change;
    }

    private static Object value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Document("x", random.nextInt(3));
            case 1 -> new Document("x", new Document("deep", random.nextInt(3)));
            case 2 -> List.of(random.nextInt(3), "two");
            case 3 -> random.nextInt(4) == 0 ? null : "text";
            default -> random.nextInt(3);
        };
    }
}
