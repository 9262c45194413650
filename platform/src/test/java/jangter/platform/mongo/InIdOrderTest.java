package jangter.platform.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class InIdOrderTest {

    private final MongoServer server = new MongoServer(H2Backend.inMemory());
    private final MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + server.bind().getPort());
    private final MongoCollection<Document> documents = client.getDatabase("shop").getCollection("documents");

    @AfterEach
    void tearDown() {
        client.close();
        server.shutdown();
    }

    @Test
    void an_empty_collection_has_none() {
        assertThat(InIdOrder.documents(documents).collectList().block()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 999, 1_000, 1_001, 2_500})
    void each_is_read_once_in_the_order_of_its_id_however_many_there_are(int count) {
        List<String> ids = IntStream.range(0, count).mapToObj("id-%04d"::formatted).toList();
        List<String> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, new Random(1));
        Flux.from(documents.insertMany(shuffled.stream().map(id -> new Document("_id", id)).toList())).blockLast();

        assertThat(InIdOrder.documents(documents).map(document -> document.getString("_id")).collectList().block()).isEqualTo(ids);
    }
}
