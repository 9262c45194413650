package jangter.platform.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import jangter.platform.MovableClock;
import jangter.platform.batch.Batch;
import jangter.platform.batch.TokenAfterBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Batches of two processes, of which one was away while the other took its place. */
class ViewTest {

    private static final String GROUP = "shelf-views";
    private static final MovableClock CLOCK = new MovableClock();

    private final MongoServer server = new MongoServer(H2Backend.inMemory());
    private final String uri = "mongodb://127.0.0.1:" + server.bind().getPort();
    private final MongoClient client = MongoClients.create(uri);
    private final MongoClient other = MongoClients.create(uri);
    private final Databases databases = new Databases(client, JsonMapper.shared(), CLOCK);
    private final View jars = jars(databases);
    private final View jarsElsewhere = jars(new Databases(other, JsonMapper.shared(), CLOCK));

    private static View jars(Databases databases) {
        return databases.of("shelf").view(GROUP, "jars");
    }

    @AfterEach
    void stop() {
        client.close();
        other.close();
        server.shutdownNow();
    }

    @Test
    void a_document_is_advanced_by_all_events_of_a_batch_and_by_none_that_it_has_seen() {
        inBatch(1, () -> {
            jars.advance("plum", "version", 0, Map.of("grams", 200, "label", "none"));
            jars.advance("plum", "version", 1, Map.of("label", "Ada"));
        });
        assertThat(jars.find("plum").block()).containsEntry("grams", 200).containsEntry("label", "Ada").containsEntry("version", 1L);

        inBatch(2, () -> {
            jars.advance("plum", "version", 0, Map.of("grams", 200, "label", "none"));
            jars.advance("plum", "version", 1, Map.of("label", "Ada"));
            jars.advance("plum", "version", 2, Map.of("grams", 300));
        });
        assertThat(jars.find("plum").block()).containsEntry("grams", 300).containsEntry("label", "Ada").containsEntry("version", 2L);
    }

    @Test
    void a_later_event_makes_no_document_unless_it_may() {
        inBatch(1, () -> {
            jars.advance("plum", "version", 3, Map.of("grams", 300));
            jars.advanceOrMake("quince", "version", 3, Map.of("grams", 300));
        });

        assertThat(jars.find("plum").block()).isNull();
        assertThat(jars.find("quince").block()).containsEntry("grams", 300).containsEntry("version", 3L);
        inBatch(2, () -> {
            jars.advance("plum", "version", 4, Map.of("grams", 400));
            jars.advanceOrMake("quince", "version", 4, Map.of("grams", 400));
        });
        assertThat(jars.find("plum").block()).isNull();
        assertThat(jars.find("quince").block()).containsEntry("grams", 400).containsEntry("version", 4L);
    }

    @Test
    void an_old_event_that_comes_alone_does_not_go_with_a_new_one() {
        inBatch(1, () -> {
            jars.advance("plum", "version", 0, Map.of("grams", 200, "label", "none"));
            jars.advance("plum", "version", 1, Map.of("label", "Ada"));
        });

        inBatch(2, () -> {
            jars.advance("plum", "version", 0, Map.of("grams", 200, "label", "none"));
            jars.advance("plum", "version", 2, Map.of("grams", 300));
        });

        assertThat(jars.find("plum").block()).containsEntry("grams", 300).containsEntry("label", "Ada").containsEntry("version", 2L);
    }

    @Test
    void what_is_made_is_made_once_and_before_all_else_of_its_batch() {
        inBatch(1, () -> {
            jars.setIf("plum", Filters.gte("grams", 100), Updates.set("label", "full"));
            jars.make("plum", Map.of("grams", 200, "lid.colour", "red"));
            jars.make("plum", Map.of("grams", 300));
            jars.make("quince", Map.of("grams", 50));
        });
        assertThat(jars.find("plum").block()).isEqualTo(new Document("_id", "plum").append("grams", 200).append("lid", new Document("colour", "red"))
                .append("label", "full"));

        inBatch(1, () -> {
            jars.make("fig", Map.of("grams", 10));
            jars.make("plum", Map.of("grams", 400));
            jars.advanceOrMake("quince", "version", 0, Map.of("grams", 60));
        });
        assertThat(listed()).extracting(jar -> jar.getInteger("grams")).containsExactly(10, 200, 60);
    }

    @Test
    void a_process_that_was_away_does_not_put_an_older_state_over_a_newer_one() {
        inBatch(7, () -> jarsElsewhere.revise("plum", stored -> Map.of("grams", 100)));

        inBatch(5, () -> jars.revise("plum", stored -> Map.of("grams", 200)));

        assertThat(jars.find("plum").block()).containsEntry("grams", 100);
    }

    @Test
    void what_another_process_wrote_after_a_document_was_read_is_not_overwritten_by_what_was_read_before() {
        inBatch(1, () -> jars.revise("plum", stored -> Map.of("spoons", 0)));

        inBatch(2, () -> jars.revise("plum", stored -> {
            // this process is paused here, and the other goes on from where this one's token is
            elsewhere(2, () -> jarsElsewhere.revise("plum", theirs -> Map.of("spoons", theirs.getInteger("spoons") + 1)));
            elsewhere(3, () -> jarsElsewhere.revise("plum", theirs -> Map.of("spoons", theirs.getInteger("spoons") + 1)));
            return Map.of("spoons", stored.getInteger("spoons") + 1);
        }));

        assertThat(jars.find("plum").block()).containsEntry("spoons", 2);
    }

    @Test
    void nor_is_what_was_made_after_it_was_seen_to_be_missing() {
        inBatch(2, () -> jars.revise("plum", missing -> {
            elsewhere(2, () -> jarsElsewhere.revise("plum", theirs -> Map.of("spoons", 1)));
            elsewhere(3, () -> jarsElsewhere.revise("plum", theirs -> Map.of("spoons", 2)));
            return Map.of("spoons", 1);
        }));

        assertThat(jars.find("plum").block()).containsEntry("spoons", 2);
    }

    @Test
    void a_process_that_goes_on_is_not_held_up_by_what_one_that_was_away_wrote_meanwhile() {
        inBatch(3, () -> jars.revise("plum", missing -> {
            elsewhere(2, () -> jarsElsewhere.revise("plum", theirs -> Map.of("spoons", 1)));
            return Map.of("spoons", 2);
        }));

        assertThat(jars.find("plum").block()).containsEntry("spoons", 2);
    }

    @Test
    void a_document_from_before_positions_were_kept_is_revised() {
        inBatch(1, () -> jars.set("plum", Updates.set("spoons", 4)));

        inBatch(2, () -> jars.revise("plum", stored -> Map.of("spoons", stored.getInteger("spoons") + 1)));

        assertThat(jars.find("plum").block()).containsEntry("spoons", 5);
    }

    @Test
    void what_was_set_aside_is_written_when_somebody_asks_for_it() {
        inBatch(9, () -> jars.revise("plum", stored -> Map.of("grams", 100)));

        inBatch(Batch.NO_POSITION, () -> jars.revise("plum", stored -> Map.of("grams", 200)));
        assertThat(jars.find("plum").block()).containsEntry("grams", 200);
        inBatch(10, () -> jars.revise("plum", stored -> Map.of("grams", 300)));
        assertThat(jars.find("plum").block()).containsEntry("grams", 300);
    }

    private List<Document> listed() {
        return jars.find(Filters.gt("grams", 0), Sorts.ascending("_id"), 10).collectList().block();
    }

    private static void elsewhere(long position, Runnable handler) {
        CompletableFuture.runAsync(() -> inBatch(position, handler)).join();
    }

    private static void inBatch(long position, Runnable handler) {
        var tokens = new InMemoryTokenStore();
        tokens.initializeTokenSegments(GROUP, 1);
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(new GenericEventMessage<>("event", "event", Map.of(), CLOCK.instant()));
        unitOfWork.onPrepareCommit(committing -> new TokenAfterBatch(tokens, Duration.ofSeconds(5))
                .storeToken(position == Batch.NO_POSITION ? null : new GlobalSequenceTrackingToken(position), GROUP, 0));
        unitOfWork.execute(handler);
    }
}
