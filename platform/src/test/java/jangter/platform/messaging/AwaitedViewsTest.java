package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.platform.ServiceTest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestPropertySource;

/** Two views gather for as long as they may. Only of one somebody waits for the outcome. */
@ServiceTest(AwaitedViewsTest.Race.class)
@TestPropertySource(properties = {"jangter.messaging.gather-awaited-views=2s", "jangter.messaging.gather-outcomes=1ms"})
class AwaitedViewsTest {

    private static final List<String> HANDLED = new CopyOnWriteArrayList<>();

    record Started(String race) {
    }

    record Won(String race) {
    }

    static class Race {

        @Bean
        AwaitedViews others() {
            return new AwaitedViews("other-views", true, Set.of());
        }

        @Bean
        AwaitedViews winners() {
            return new AwaitedViews("winner-views", true, Set.of(Won.class));
        }

        @Bean
        Others otherViews() {
            return new Others();
        }

        @Bean
        Winners winnerViews() {
            return new Winners();
        }
    }

    @ProcessingGroup("other-views")
    static class Others {

        @EventHandler
        void on(Won event) {
            HANDLED.add("other " + event.race());
        }
    }

    @ProcessingGroup("winner-views")
    static class Winners {

        @EventHandler
        void on(Started event) {
            HANDLED.add("started " + event.race());
        }

        @EventHandler
        void on(Won event) {
            HANDLED.add("won " + event.race());
        }
    }

    @Autowired
    EventGateway events;

    @Test
    void once_an_outcome_is_published_what_was_gathered_is_handled_soon() {
        events.publish(new Started("derby"));
        events.publish(new Won("derby"));

        await().atMost(Duration.ofSeconds(30)).until(() -> HANDLED.size() == 3);
        assertThat(HANDLED).containsExactlyInAnyOrder("started derby", "won derby", "other derby").last().isEqualTo("other derby");
    }
}
