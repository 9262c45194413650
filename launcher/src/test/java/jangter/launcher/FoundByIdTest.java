package jangter.launcher;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Updates.inc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundByIdTest {

    /** Fails on a document that has none: who looks at the trap, falls into it. */
    private static final Bson SHARES_WITH_SOMEBODY =
            Filters.expr(new Document("$gt", List.of(new Document("$divide", List.of(100, "$shares")), 0)));

    @TempDir
    Path folder;
    private DevelopmentMongo server;
    private MongoClient client;
    private MongoCollection<Document> documents;

    @BeforeEach
    void setUp() {
        open();
        documents.insertMany(List.of(new Document("_id", "one").append("shares", 2).append("count", 1),
                new Document("_id", "two").append("shares", 5).append("count", 1), new Document("_id", "trap").append("shares", 0).append("count", 1)));
    }

    private void open() {
        server = DevelopmentMongo.start(folder, 0, EmbeddedSettings.Views.FILE);
        client = MongoClients.create(server.uri());
        documents = client.getDatabase("shop").getCollection("documents");
    }

    @AfterEach
    void tearDown() {
        client.close();
        server.close();
    }

    @Test
    void who_asks_for_one_and_a_condition_has_only_that_one_looked_at() {
        assertThat(documents.find(and(SHARES_WITH_SOMEBODY, eq("_id", "one"))).first()).containsEntry("shares", 2);
        assertThat(documents.find(and(SHARES_WITH_SOMEBODY, in("_id", "one", "two", "three")))).hasSize(2);
        assertThat(documents.updateOne(and(SHARES_WITH_SOMEBODY, and(eq("_id", "two"), eq("count", 1))), inc("count", 1)).getModifiedCount()).isEqualTo(1);
        assertThat(documents.findOneAndUpdate(and(SHARES_WITH_SOMEBODY, eq("_id", "two")), inc("count", 1))).containsEntry("count", 2);
        assertThat(documents.deleteOne(and(SHARES_WITH_SOMEBODY, eq("_id", "one"))).getDeletedCount()).isEqualTo(1);
        assertThat(documents.countDocuments()).isEqualTo(2);
    }

    @Test
    void who_names_none_has_all_looked_at() {
        assertThatThrownBy(() -> documents.find(SHARES_WITH_SOMEBODY).into(new ArrayList<>())).isInstanceOf(MongoException.class).hasMessageContaining("divide by zero");
        assertThatThrownBy(() -> documents.find(Filters.or(SHARES_WITH_SOMEBODY, eq("_id", "one"))).into(new ArrayList<>()))
                .isInstanceOf(MongoException.class);
    }

    @Test
    void a_condition_that_does_not_hold_leaves_the_document_alone() {
        assertThat(documents.updateOne(and(eq("_id", "one"), eq("count", 7)), inc("count", 1)).getMatchedCount()).isZero();
        assertThat(documents.find(and(eq("_id", "one"), eq("_id", "two"))).first()).isNull();
        assertThat(documents.find(eq("_id", "one")).first()).containsEntry("count", 1);
    }

    @Test
    void documents_are_found_again_after_a_start() {
        client.close();
        server.close();
        open();

        assertThat(documents.find(and(SHARES_WITH_SOMEBODY, eq("_id", "one"))).first()).containsEntry("shares", 2);
        assertThat(documents.countDocuments()).isEqualTo(3);
    }
}
