package jangter.launcher;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.ReplaceOptions;
import jangter.launcher.EmbeddedSettings.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsInMemoryTest {

    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

    @TempDir
    Path folder;

    @Test
    void views_are_gone_at_a_stop_and_begin_anew_while_what_acts_goes_on_where_it_was() {
        run(Views.MEMORY, ViewsInMemoryTest::write);

        run(Views.MEMORY, shop -> {
            assertThat(shop.getCollection("orders").countDocuments()).isZero();
            assertThat(processors(shop)).containsExactlyInAnyOrder("order-settlement", "saga-checkout");
            assertThat(shop.getCollection("sagas").find(eq("_id", "a-saga")).first()).isNotNull();
            assertThat(shop.getCollection("answers").find(eq("_id", "an-answer")).first()).isNotNull();
            assertThat(shop.getCollection("editions").find(eq("_id", "order-views")).first().getEmbedded(List.of("rebuild", "prepared"), Boolean.class)).isFalse();
            write(shop);
            shop.getCollection("orders").drop();
            assertThat(shop.getCollection("orders").countDocuments()).isZero();
            write(shop);
        });
    }

    @Test
    void on_a_file_again_they_begin_anew_once() {
        run(Views.FILE, shop -> shop.getCollection("orders").insertOne(new Document("_id", "from long ago")));
        run(Views.MEMORY, ViewsInMemoryTest::write);

        run(Views.FILE, shop -> {
            assertThat(processors(shop)).containsExactlyInAnyOrder("order-settlement", "saga-checkout");
            write(shop);
        });
        run(Views.FILE, shop -> {
            assertThat(processors(shop)).hasSize(5);
            assertThat(shop.getCollection("orders").find(eq("_id", "an-order")).first()).isNotNull();
        });
    }

    private static void write(MongoDatabase shop) {
        Map.of("orders", "an-order", "sagas", "a-saga", "answers", "an-answer").forEach((collection, id) ->
                shop.getCollection(collection).replaceOne(eq("_id", id), new Document("written", true), UPSERT));
        shop.getCollection("editions").replaceOne(eq("_id", "order-views"), new Document("rebuild", new Document("prepared", true)), UPSERT);
        shop.getCollection("tokens").deleteMany(new Document());
        for (String processor : List.of("order-views", "order-views.e3", "saga-views", "order-settlement", "saga-checkout")) {
            shop.getCollection("tokens").insertOne(new Document("processorName", processor).append("segment", 0));
        }
    }

    private static List<String> processors(MongoDatabase shop) {
        return shop.getCollection("tokens").distinct("processorName", String.class).into(new ArrayList<>());
    }

    private void run(Views views, Consumer<MongoDatabase> work) {
        try (DevelopmentMongo server = DevelopmentMongo.start(folder, 0, views); MongoClient client = MongoClients.create(server.uri())) {
            work.accept(client.getDatabase("jangter_order"));
        }
    }
}
