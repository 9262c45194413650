package jangter.launcher;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
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
        open(folder);
        documents.insertMany(List.of(new Document("_id", "one").append("shares", 2).append("count", 1),
                new Document("_id", "two").append("shares", 5).append("count", 1), new Document("_id", "trap").append("shares", 0).append("count", 1)));
    }

    private void reopen() {
        reopen(folder);
    }

    private void reopen(Path folder) {
        client.close();
        server.close();
        open(folder);
    }

    private void open(Path folder) {
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
    void what_was_found_stays_as_it_was_found_whatever_is_changed_before_it_is_sent() {
        WholeRequestsBackend backend = WholeRequestsBackend.on(folder.resolve("another.mv").toString(), EmbeddedSettings.Views.FILE);
        Channel nobody = new EmbeddedChannel();
        handle(backend, nobody, "insert", "documents", List.of(raw("_id", "one").append("state", "PAYING").append("lines", raw("tea", 1)),
                raw("_id", "two").append("state", "PAYING").append("lines", raw("tea", 1))));

        var byId = handle(backend, nobody, "find", "filter", raw("_id", "one"));
        var all = handle(backend, nobody, "find", "filter", raw());
        handle(backend, nobody, "update", "updates", List.of(raw("q", raw("_id", "one"))
                .append("u", raw("$set", raw("state", "COMPLETED").append("lines.tea", 2)).append("$unset", raw("gone", "")))));

        assertThat(List.of(byId.toString(), all.toString())).allSatisfy(found -> assertThat(found).contains("PAYING").doesNotContain("COMPLETED", "\"tea\" : 2"));
        assertThat(handle(backend, nobody, "find", "filter", raw("_id", "one")).toString()).contains("COMPLETED", "\"tea\" : 2").doesNotContain("PAYING");
        backend.close();
    }

    private static de.bwaldvogel.mongo.bson.Document handle(WholeRequestsBackend backend, Channel nobody, String command, String field, Object value) {
        return backend.handleCommand(nobody, "shop", command, raw(command, "documents").append(field, value));
    }

    private static de.bwaldvogel.mongo.bson.Document raw(String field, Object value) {
        return raw().append(field, value);
    }

    private static de.bwaldvogel.mongo.bson.Document raw() {
        return new de.bwaldvogel.mongo.bson.Document();
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
    void who_names_many_has_those_and_what_else_is_asked_of_them_looked_at() {
        documents.insertOne(new Document("_id", 2).append("shares", 4));
        assertThat(documents.find(in("_id", "two", "nobody", "one"))).extracting(found -> found.getString("_id")).containsExactlyInAnyOrder("one", "two");
        assertThat(documents.find(in("_id", List.of("two", "one", "two"))).sort(new Document("_id", -1)).limit(2)).extracting(found -> found.getString("_id"))
                .contains("two");
        assertThat(documents.find(and(in("_id", "one", "two"), eq("shares", 2)))).extracting(found -> found.getString("_id")).containsExactly("one");
        assertThat(documents.find(and(in("_id", "one", "two"), in("_id", "two", "three")))).extracting(found -> found.getString("_id")).containsExactly("two");
        assertThat(documents.find(in("_id", 2L, 2.0, 3))).extracting(found -> found.get("_id")).containsExactly(2);
        assertThat(documents.find(and(in("_id", "one", "two"), Filters.nin("_id", "one")))).extracting(found -> found.getString("_id")).containsExactly("two");
    }

    @Test
    void who_asks_how_an_id_begins_has_only_those_looked_at() {
        documents.insertMany(List.of(new Document("_id", "twofold").append("shares", 3), new Document("_id", 2).append("shares", 0)));
        assertThat(documents.find(and(SHARES_WITH_SOMEBODY, Filters.regex("_id", "^tw")))).extracting(found -> found.getString("_id")).containsExactly("two", "twofold");
        assertThat(documents.find(Filters.regex("_id", "^two")).sort(new Document("_id", -1)).limit(1)).extracting(found -> found.getString("_id")).containsExactly("twofold");
        assertThat(documents.find(Filters.regex("_id", "^TW", "i"))).hasSize(2);
        assertThat(documents.find(Filters.regex("_id", "^zz"))).isEmpty();
        assertThat(documents.find(Filters.regex("_id", "w"))).hasSize(2);
    }

    @Test
    void who_asks_for_ids_between_two_has_only_those_looked_at() {
        documents.insertMany(List.of(new Document("_id", "twofold").append("shares", 3), new Document("_id", 2).append("shares", 0)));
        assertThat(documents.find(and(SHARES_WITH_SOMEBODY, between("tw", "twoz")))).extracting(found -> found.getString("_id")).containsExactly("two", "twofold");
        assertThat(documents.find(and(SHARES_WITH_SOMEBODY, between("two", "twofold")))).extracting(found -> found.getString("_id")).containsExactly("two");
        assertThat(documents.find(between("zz", "zzz"))).isEmpty();
        assertThat(documents.find(between("b", "a"))).isEmpty();
    }

    private static Document between(String from, String to) {
        return new Document("_id", new Document("$gte", from).append("$lt", to));
    }

    @Test
    void who_asks_in_the_order_of_ids_has_no_more_looked_at_than_asked_for() {
        Bson inOrder = Sorts.ascending("_id");
        assertThat(documents.find(SHARES_WITH_SOMEBODY).sort(inOrder).limit(1)).extracting(found -> found.get("_id")).containsExactly("one");
        assertThat(documents.find(and(gt("_id", "trap"), SHARES_WITH_SOMEBODY)).sort(inOrder)).extracting(found -> found.get("_id")).containsExactly("two");
        assertThat(documents.find(gt("_id", "one")).sort(inOrder).limit(2)).extracting(found -> found.get("_id")).containsExactly("trap", "two");
        assertThat(documents.find(gt("_id", "s")).sort(inOrder).skip(1)).extracting(found -> found.get("_id")).containsExactly("two");
        assertThat(documents.find(gt("_id", "one")).sort(Sorts.descending("_id"))).extracting(found -> found.get("_id")).containsExactly("two", "trap");
        assertThat(documents.find(gt("_id", "z")).sort(inOrder)).isEmpty();
    }

    /** Then the order of the ids is another than that in which they are kept. */
    @Test
    void ids_that_are_no_texts_are_put_in_order() {
        documents.insertMany(List.of(new Document("_id", 10), new Document("_id", 2.5), new Document("_id", 7L)));
        assertThat(documents.find().sort(Sorts.ascending("_id"))).extracting(found -> found.get("_id")).containsExactly(2.5, 7L, 10, "one", "trap", "two");
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
    void what_is_indexed_is_changed_and_found_alike() {
        documents.createIndex(Indexes.ascending("count", "_id"));

        assertThat(documents.updateOne(and(eq("_id", "one"), gt("count", 0)), combine(set("count", 3), unset("shares"))).getModifiedCount()).isOne();
        documents.updateOne(eq("_id", "three"), set("count", 2), new UpdateOptions().upsert(true));

        assertThat(documents.find(gt("count", 1)).sort(Sorts.ascending("count", "_id")).into(new ArrayList<>()))
                .containsExactly(new Document("_id", "three").append("count", 2), new Document("_id", "one").append("count", 3));
    }

    @Test
    void what_is_to_be_unique_stays_so_whatever_is_changed() {
        documents.createIndex(Indexes.ascending("shares"), new IndexOptions().unique(true));

        assertThatThrownBy(() -> documents.updateOne(eq("_id", "one"), set("shares", 5))).isInstanceOf(MongoException.class).hasMessageContaining("E11000");
        documents.updateOne(eq("_id", "one"), set("shares", 7));
        documents.updateOne(eq("_id", "two"), set("shares", 2));

        assertThat(documents.find(eq("_id", "two")).first()).containsEntry("shares", 2);
    }

    @Test
    void documents_are_found_again_after_a_start() {
        reopen();

        assertThat(documents.find(and(SHARES_WITH_SOMEBODY, eq("_id", "one"))).first()).containsEntry("shares", 2);
        assertThat(documents.countDocuments()).isEqualTo(3);
    }

    @Test
    void all_collections_are_listed_also_after_a_start() {
        List.of("others", "more").forEach(name -> client.getDatabase("shop").getCollection(name).insertOne(new Document("_id", "one")));
        assertThat(client.getDatabase("shop").listCollectionNames()).contains("documents", "others", "more");

        reopen();

        assertThat(client.getDatabase("shop").listCollectionNames()).contains("documents", "others", "more");
        client.getDatabase("shop").getCollection("more").drop();
        assertThat(client.getDatabase("shop").listCollectionNames()).contains("documents", "others").doesNotContain("more");
    }

    @Test
    void an_id_is_given_once() {
        assertThatThrownBy(() -> documents.insertOne(new Document("_id", "one"))).isInstanceOf(MongoException.class).hasMessageContaining("E11000");
        documents.insertOne(new Document("_id", 1));
        assertThatThrownBy(() -> documents.insertOne(new Document("_id", 1L))).isInstanceOf(MongoException.class).hasMessageContaining("E11000");
        assertThat(documents.find(eq("_id", 1.0)).first()).isNotNull();
        documents.deleteOne(eq("_id", "one"));
        documents.insertOne(new Document("_id", "one").append("shares", 3));
        assertThat(documents.find(eq("_id", "one")).first()).containsEntry("shares", 3);
        assertThat(documents.find(Filters.regex("_id", "^t")).into(new ArrayList<>())).extracting(found -> found.getString("_id")).containsOnly("two", "trap");
    }

    @Test
    void whatever_a_document_says_it_says_after_a_start() {
        Document all = new Document("_id", new ObjectId()).append("text", "장터").append("int", 1).append("long", 1L << 40).append("double", 0.5)
                .append("decimal", new Decimal128(17)).append("yes", true).append("none", null).append("at", Date.from(Instant.EPOCH))
                .append("bytes", new Binary(new byte[] {1, 2})).append("list", List.of(1, "two", new Document("three", 3))).append("nothing", new Document());
        documents.insertOne(all);

        reopen();

        assertThat(documents.find(eq("_id", all.get("_id"))).first()).isEqualTo(all);
    }

    @Test
    void what_was_written_by_the_library_alone_is_read_and_changed() {
        client.close();
        server.close();
        Path other = folder.resolve("other");
        MongoServer before = writtenBefore(other);
        before.shutdownNow();

        open(other);

        assertThat(documents.find(eq("_id", "old-7")).first()).containsEntry("count", 7);
        assertThat(documents.updateOne(and(eq("_id", "old-7"), eq("count", 7)), inc("count", 1)).getModifiedCount()).isEqualTo(1);
        assertThatThrownBy(() -> documents.insertOne(new Document("_id", "old-8"))).hasMessageContaining("E11000");
        documents.deleteOne(eq("_id", "old-9"));
        reopen(other);
        assertThat(documents.find(eq("_id", "old-7")).first()).containsEntry("count", 8);
        assertThat(documents.countDocuments()).isEqualTo(99);
    }

    private static MongoServer writtenBefore(Path folder) {
        folder.toFile().mkdirs();
        MongoServer library = new MongoServer(new H2Backend(folder.resolve("mongo.mv").toString()));
        InetSocketAddress address = library.bind();
        try (MongoClient client = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort())) {
            client.getDatabase("shop").getCollection("documents")
                    .insertMany(IntStream.range(0, 100).mapToObj(i -> new Document("_id", "old-" + i).append("count", i)).toList());
        }
        return library;
    }
}
