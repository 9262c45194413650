package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.connection.ClusterId;
import com.mongodb.connection.ServerId;
import com.mongodb.event.ConnectionPoolClearedEvent;
import jangter.platform.ServiceTest;
import jangter.platform.mongo.LostConnections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What acts as soon as it handles an event, in a service whose MongoDB is thrown back. */
@ServiceTest(SureOfTokenTest.Actor.class)
@TestPropertySource(properties = "jangter.messaging.segments=1")
class SureOfTokenTest {

    record Cue(String name) {
    }

    @ProcessingGroup("saga-actor")
    static class Actor {

        private final List<String> acted = new CopyOnWriteArrayList<>();

        @EventHandler
        void on(Cue cue) {
            acted.add(cue.name());
        }
    }

    @Autowired
    Actor actor;

    @Autowired
    EventGateway events;

    @Autowired
    MongoClient mongo;

    @Autowired
    LostConnections lost;

    @Test
    void it_does_not_act_on_what_comes_next_before_it_has_gone_back_too() {
        Document begun = await().until(this::token, Objects::nonNull);
        events.publish(new Cue("enter"));
        Document entered = movedFrom(begun);
        events.publish(new Cue("bow"));
        movedFrom(entered);

        tokens().replaceOne(Filters.eq("_id", entered.get("_id")), entered);
        lost.connectionPoolCleared(new ConnectionPoolClearedEvent(new ServerId(new ClusterId(), new ServerAddress())));
        events.publish(new Cue("leave"));

        await().until(() -> actor.acted.contains("leave"));
        assertThat(actor.acted).containsExactly("enter", "bow", "bow", "leave");
    }

    private Document movedFrom(Document before) {
        return await().until(this::token, now -> now != null && !Objects.equals(now.get("token"), before.get("token")));
    }

    private @Nullable Document token() {
        return tokens().find(Filters.eq("processorName", "saga-actor")).first();
    }

    private MongoCollection<Document> tokens() {
        return mongo.getDatabase("jangter_saga").getCollection("tokens");
    }
}
