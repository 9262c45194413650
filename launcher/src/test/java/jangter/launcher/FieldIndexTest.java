package jangter.launcher;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FieldIndexTest {

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Bson STATE_AND_MOMENT = Indexes.ascending("state", "due");
    /** Fails on a document that has none: who looks at the trap, falls into it. */
    private static final Bson SHARES_WITH_SOMEBODY =
            Filters.expr(new Document("$gt", List.of(new Document("$divide", List.of(100, "$shares")), 0)));

    @TempDir
    Path folder;
    private @Nullable DevelopmentMongo server;
    private @Nullable MongoClient client;

    private void start(EmbeddedSettings.Views views) {
        server = DevelopmentMongo.start(folder, 0, views);
        client = MongoClients.create(server.uri());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private MongoCollection<Document> collection(String name) {
        return client.getDatabase("shop").getCollection(name);
    }

    private static Document order(String id, @Nullable Object state, @Nullable Object due) {
        return new Document("_id", id).append("state", state).append("due", due).append("shares", 1);
    }

    private static Date at(int minute) {
        return Date.from(NOON.plusSeconds(60L * minute));
    }

    private static List<Object> ids(Iterable<Document> found) {
        List<Object> ids = new ArrayList<>();
        found.forEach(document -> ids.add(document.get("_id")));
        return ids;
    }

    @ParameterizedTest
    @EnumSource(EmbeddedSettings.Views.class)
    void only_those_are_looked_at_that_are_asked_for(EmbeddedSettings.Views views) {
        start(views);
        MongoCollection<Document> orders = collection("orders");
        orders.insertMany(List.of(order("a", "PENDING", at(3)), order("b", "PENDING", at(1)), order("c", "PAYING", at(2)), order("d", "PENDING", at(5)),
                order("trap", "COMPLETED", at(2)).append("shares", 0)));
        orders.createIndex(STATE_AND_MOMENT);
        orders.insertOne(order("late trap", "PENDING", at(9)).append("shares", 0));

        assertThat(ids(orders.find(and(eq("state", "PENDING"), lte("due", at(3)), SHARES_WITH_SOMEBODY)))).containsExactly("b", "a");
        assertThat(ids(orders.find(and(eq("state", "PENDING"), gte("due", at(2)), lt("due", at(5)), SHARES_WITH_SOMEBODY)))).containsExactly("a");
        assertThat(ids(orders.find(and(in("state", "PAYING", "FAILED"), SHARES_WITH_SOMEBODY)))).containsExactly("c");
        assertThatThrownBy(() -> ids(orders.find(and(eq("state", "PENDING"), SHARES_WITH_SOMEBODY)))).isInstanceOf(MongoException.class);

        Bson inOrder = Sorts.ascending("due", "_id");
        assertThat(ids(orders.find(and(eq("state", "PENDING"), lte("due", at(9)), SHARES_WITH_SOMEBODY)).sort(inOrder).limit(2)))
                .as("no more than so many").containsExactly("b", "a");
    }

    @Test
    void it_is_there_again_after_a_start_and_may_be_asked_for_again() {
        start(EmbeddedSettings.Views.FILE);
        collection("orders").createIndex(STATE_AND_MOMENT);
        collection("orders").insertMany(List.of(order("a", "PENDING", at(3)), order("trap", "COMPLETED", at(2)).append("shares", 0)));
        stop();

        start(EmbeddedSettings.Views.FILE);
        MongoCollection<Document> orders = collection("orders");
        orders.createIndex(STATE_AND_MOMENT);
        orders.updateOne(eq("_id", "a"), Updates.set("due", at(4)));

        assertThat(ids(orders.find(and(eq("state", "PENDING"), SHARES_WITH_SOMEBODY)))).containsExactly("a");
        assertThat(ids(orders.find(and(eq("state", "PENDING"), lte("due", at(3)))))).isEmpty();
    }

    @Test
    void an_index_that_was_asked_for_before_there_were_any_is_made_at_the_next_start() {
        MongoServer before = new MongoServer(new H2Backend(folder.resolve("mongo.mv").toString()));
        InetSocketAddress address = before.bind();
        try (MongoClient ofBefore = MongoClients.create("mongodb://" + address.getHostString() + ":" + address.getPort())) {
            MongoCollection<Document> orders = ofBefore.getDatabase("shop").getCollection("orders");
            orders.createIndex(STATE_AND_MOMENT);
            orders.insertMany(List.of(order("a", "PENDING", at(3)), order("trap", "COMPLETED", at(2)).append("shares", 0)));
        }
        before.shutdownNow();

        start(EmbeddedSettings.Views.FILE);

        assertThat(ids(collection("orders").find(and(eq("state", "PENDING"), SHARES_WITH_SOMEBODY)))).containsExactly("a");
        collection("orders").updateOne(eq("_id", "trap"), Updates.combine(Updates.set("state", "PENDING"), Updates.set("shares", 1)));
        assertThat(ids(collection("orders").find(and(eq("state", "PENDING"), SHARES_WITH_SOMEBODY)))).containsExactly("trap", "a");
    }

    @ParameterizedTest
    @EnumSource(EmbeddedSettings.Views.class)
    void a_collection_that_is_dropped_leaves_nothing_to_one_of_the_same_name(EmbeddedSettings.Views views) {
        start(views);
        collection("orders").createIndex(STATE_AND_MOMENT);
        collection("orders").insertOne(order("a", "PENDING", at(3)));
        collection("orders").drop();

        collection("orders").createIndex(STATE_AND_MOMENT);
        collection("orders").insertOne(order("b", "PENDING", at(3)));

        assertThat(ids(collection("orders").find(eq("state", "PENDING")))).containsExactly("b");
        collection("orders").dropIndex(STATE_AND_MOMENT);
        assertThat(ids(collection("orders").find(eq("state", "PENDING")))).containsExactly("b");
    }

    @Test
    void what_is_unique_stays_so_beside_it() {
        start(EmbeddedSettings.Views.FILE);
        MongoCollection<Document> orders = collection("orders");
        orders.createIndex(Indexes.ascending("due"), new IndexOptions().unique(true));
        orders.createIndex(STATE_AND_MOMENT);
        orders.insertOne(order("a", "PENDING", at(1)));

        assertThatThrownBy(() -> orders.insertOne(order("b", "PENDING", at(1)))).hasMessageContaining("E11000");
        assertThat(ids(orders.find(eq("state", "PENDING")))).containsExactly("a");
    }

    @Test
    void whatever_is_written_it_finds_what_looking_at_all_finds() {
        start(EmbeddedSettings.Views.FILE);
        Random random = new Random(20261129);
        MongoCollection<Document> indexed = collection("indexed");
        MongoCollection<Document> plain = collection("plain");
        indexed.createIndex(STATE_AND_MOMENT);
        indexed.createIndex(Indexes.descending("due", "_id"));
        for (int i = 0; i < 1_500; i++) {
            int what = random.nextInt(8);
            Object id = random.nextInt(40) == 0 ? new ObjectId(new Date(0), random.nextInt(3)) : "order-" + random.nextInt(60);
            Object state = state(random);
            Object due = due(random);
            Stream.of(indexed, plain).forEach(orders -> write(orders, what, id, state, due));
            Bson query = query(random);
            assertThat(ids(indexed.find(query))).as("%s", query.toBsonDocument()).containsExactlyInAnyOrderElementsOf(ids(plain.find(query)));
            Bson sorted = random.nextBoolean() ? Sorts.ascending("due", "_id") : Sorts.descending("due", "_id");
            int limit = random.nextInt(6);
            assertThat(ids(indexed.find(query).sort(sorted).limit(limit))).as("%s in order", query.toBsonDocument())
                    .isEqualTo(ids(plain.find(query).sort(sorted).limit(limit)));
        }
        assertThat(plain.countDocuments()).isGreaterThan(20);
    }

    private static void write(MongoCollection<Document> orders, int what, Object id, @Nullable Object state, @Nullable Object due) {
        switch (what) {
            case 0, 1 -> orders.updateOne(eq("_id", id), Updates.combine(Updates.set("state", state), Updates.set("due", due)), new UpdateOptions().upsert(true));
            case 2 -> orders.updateOne(eq("_id", id), Updates.set("other", 1));
            case 3 -> orders.updateOne(eq("_id", id), Updates.unset("due"));
            case 4 -> orders.replaceOne(eq("_id", id), new Document("state", state).append("due", due), new ReplaceOptions().upsert(true));
            case 5 -> orders.updateMany(and(eq("state", "PENDING"), lt("due", at(5))), Updates.combine(Updates.set("state", state), Updates.push("list", 1)));
            case 6 -> orders.deleteMany(and(eq("state", state), eq("due", due)));
            default -> orders.deleteOne(eq("_id", id));
        }
    }

    private static @Nullable Object state(Random random) {
        return Arrays.asList("PENDING", "PENDING", "PAYING", "PAY", "\0", "PAY\0ING", "", null, 7, at(1), List.of("PENDING")).get(random.nextInt(11));
    }

    private static @Nullable Object due(Random random) {
        return random.nextInt(8) > 0 ? at(random.nextInt(20) - 5) : Arrays.asList(null, "never", 3, Date.from(Instant.EPOCH.minusSeconds(1))).get(random.nextInt(4));
    }

    private static Bson query(Random random) {
        Bson first = switch (random.nextInt(6)) {
            case 0 -> in("state", "PAYING", "PENDING");
            case 1 -> ne("state", "PENDING");
            case 2 -> gte("state", "PAY");
            case 3 -> new Document("state", new Document("$in", Arrays.asList("PENDING", null)));
            default -> eq("state", state(random));
        };
        Bson second = switch (random.nextInt(8)) {
            case 0 -> and(gt("due", due(random)), lte("due", due(random)));
            case 1 -> lte("due", due(random));
            case 2 -> or(gt("due", at(3)), lt("_id", "order-3"));
            case 3 -> eq("due", due(random));
            case 4 -> not(lt("due", at(4)));
            case 5 -> Filters.exists("due", false);
            default -> gt("due", at(random.nextInt(10)));
        };
        return switch (random.nextInt(3)) {
            case 0 -> first;
            case 1 -> second;
            default -> and(first, and(second, Filters.exists("gone", false)));
        };
    }

    @Test
    void many_are_found_in_their_order_page_by_page() {
        start(EmbeddedSettings.Views.FILE);
        MongoCollection<Document> orders = collection("orders");
        orders.createIndex(STATE_AND_MOMENT);
        orders.insertMany(IntStream.range(0, 500).mapToObj(i -> order("order-" + i, i % 2 == 0 ? "PENDING" : "PAYING", at(i % 50))).toList());
        List<Object> all = new ArrayList<>();
        Date due = Date.from(Instant.EPOCH);
        String id = "";
        while (true) {
            List<Document> page = orders.find(and(eq("state", "PENDING"), gte("due", due), lte("due", at(30)), or(gt("due", due), gt("_id", id))))
                    .sort(Sorts.ascending("due", "_id")).limit(7).into(new ArrayList<>());
            if (page.isEmpty()) {
                break;
            }
            all.addAll(ids(page));
            due = page.get(page.size() - 1).getDate("due");
            id = page.get(page.size() - 1).getString("_id");
        }
        assertThat(all).doesNotHaveDuplicates().hasSize(160);
    }
}
