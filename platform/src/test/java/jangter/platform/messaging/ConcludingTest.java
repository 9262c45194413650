package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.platform.ServiceTest;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;

@ServiceTest({ConcludingTest.Errand.class, ConcludingTest.Errands.class})
class ConcludingTest {

    record Go(@TargetAggregateIdentifier String errand) {
    }

    record ComeBack(@TargetAggregateIdentifier String errand) {
    }

    record TellHowOften(@TargetAggregateIdentifier String errand) {
    }

    record Gone(String errand) {
    }

    record CameBack(String errand) {
    }

    @Aggregate(cache = "aggregateCache")
    static class Errand {

        @AggregateIdentifier
        private String id;
        private int times;

        Errand() {
        }

        @CommandHandler
        @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
        void handle(Go command) {
            apply(new Gone(command.errand()));
        }

        @CommandHandler
        void handle(ComeBack command) {
            apply(new CameBack(command.errand()));
        }

        @CommandHandler
        int handle(TellHowOften command) {
            return times;
        }

        @EventSourcingHandler
        void on(Gone event) {
            id = event.errand();
            times++;
        }
    }

    static class Errands {
        @Bean
        Concluding over() {
            return new Concluding(Set.of(CameBack.class));
        }
    }

    @Autowired
    CommandGateway commands;

    @Autowired
    Cache aggregateCache;

    @Test
    void what_has_had_its_last_event_leaves_memory_and_all_else_stays() {
        commands.sendAndWait(new Go("errand-1"));
        commands.sendAndWait(new Go("errand-2"));
        assertThat(aggregateCache.containsKey("errand-1")).isTrue();

        commands.sendAndWait(new ComeBack("errand-1"));

        assertThat(aggregateCache.containsKey("errand-1")).isFalse();
        assertThat(aggregateCache.containsKey("errand-2")).isTrue();
    }

    @Test
    void it_is_read_anew_when_something_is_asked_of_it_all_the_same() {
        commands.sendAndWait(new Go("errand-3"));
        commands.sendAndWait(new ComeBack("errand-3"));

        commands.sendAndWait(new Go("errand-3"));

        assertThat(commands.<Integer>sendAndWait(new TellHowOften("errand-3"))).isEqualTo(2);
        assertThat(aggregateCache.containsKey("errand-3")).isTrue();
    }
}
