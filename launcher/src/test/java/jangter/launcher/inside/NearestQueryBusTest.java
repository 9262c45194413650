package jangter.launcher.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.axonserver.connector.query.AxonServerQueryBus;
import org.axonframework.axonserver.connector.query.QueryPriorityCalculator;
import org.axonframework.common.Registration;
import org.axonframework.config.Configuration;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.GenericQueryMessage;
import org.axonframework.queryhandling.GenericSubscriptionQueryMessage;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryMessage;
import org.axonframework.queryhandling.QueryResponseMessage;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.queryhandling.SimpleQueryUpdateEmitter;
import org.axonframework.queryhandling.SubscriptionQueryResult;
import org.axonframework.queryhandling.SubscriptionQueryUpdateMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An answerer here, and another one that is reached over the wire alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NearestQueryBusTest {

    record Ask(String what) {
    }

    record AskThere(String what) {
    }

    record AskNobody(String what) {
    }

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @RegisterExtension
    final DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    private final List<QueryMessage<?, ?>> askedHere = new CopyOnWriteArrayList<>();
    private Beside here;
    private Beside there;

    @BeforeAll
    void start() {
        here = Beside.at(axonServer.server(), "here", parts -> parts.configureQueryBus(NearestQueryBusTest::nearest));
        there = Beside.at(axonServer.server(), "there");
        bus().subscribe(Ask.class.getName(), String.class, query -> {
            askedHere.add((QueryMessage<?, ?>) query);
            return "here";
        });
        there.axon().queryBus().subscribe(AskThere.class.getName(), String.class, query -> "there");
        await().until(() -> answer(bus(), new AskThere("")).equals("there"));
        await().until(() -> answer(there.axon().queryBus(), new Ask("")).equals("here"));
    }

    @AfterAll
    void stop() {
        there.close();
        here.close();
    }

    @BeforeEach
    void forget() {
        askedHere.clear();
    }

    private static QueryBus nearest(Configuration axon) {
        QueryUpdateEmitter emitter = SimpleQueryUpdateEmitter.builder().build();
        return new NearestQueryBus(AxonServerQueryBus.builder().axonServerConnectionManager(axon.getComponent(AxonServerConnectionManager.class))
                .configuration(axon.getComponent(AxonServerConfiguration.class)).localSegment(SimpleQueryBus.builder().queryUpdateEmitter(emitter).build())
                .updateEmitter(emitter).messageSerializer(axon.messageSerializer()).genericSerializer(axon.serializer())
                .priorityCalculator(QueryPriorityCalculator.defaultQueryPriorityCalculator()).build());
    }

    private QueryBus bus() {
        return here.axon().queryBus();
    }

    private static String answer(QueryBus bus, Object query) {
        return bus.query(question(query)).handle((answer, failure) -> failure != null ? failure.toString()
                : answer.isExceptional() ? answer.exceptionResult().toString() : answer.getPayload()).join();
    }

    private static GenericQueryMessage<Object, String> question(Object query) {
        return new GenericQueryMessage<>(query, ResponseTypes.instanceOf(String.class));
    }

    private static SubscriptionQueryResult<QueryResponseMessage<String>, SubscriptionQueryUpdateMessage<String>> follow(QueryBus bus, Object query) {
        return bus.subscriptionQuery(new GenericSubscriptionQueryMessage<>(query, query.getClass().getName(), ResponseTypes.instanceOf(String.class),
                ResponseTypes.instanceOf(String.class)), 16);
    }

    @Test
    void its_own_handler_is_asked_with_the_object_that_it_is() {
        Ask question = new Ask("what");

        assertThat(answer(bus(), question)).isEqualTo("here");

        assertThat(askedHere).singleElement().extracting(QueryMessage::getPayload).isSameAs(question);
    }

    @Test
    void anothers_handler_is_asked_over_the_wire_and_another_asks_here() {
        assertThat(answer(bus(), new AskThere("what"))).isEqualTo("there");
        assertThat(answer(there.axon().queryBus(), new Ask("what"))).isEqualTo("here");

        assertThat(askedHere).singleElement().extracting(QueryMessage::getPayload).isEqualTo(new Ask("what"));
    }

    @Test
    void what_nobody_answers_is_told_so_and_so_is_what_nobody_answers_any_more() {
        Registration registration = bus().subscribe(AskNobody.class.getName(), String.class, query -> "here");
        assertThat(answer(bus(), new AskNobody("what"))).isEqualTo("here");

        registration.cancel();

        await().untilAsserted(() -> assertThat(answer(bus(), new AskNobody("what"))).contains(NoHandlerForQueryException.class.getSimpleName()));
    }

    @Test
    void who_follows_is_told_what_is_emitted_here_from_then_on() {
        try (Following following = new Following(follow(bus(), new Ask("mine")))) {
            bus().queryUpdateEmitter().emit(Ask.class, query -> query.what().equals("mine"), "changed");
            bus().queryUpdateEmitter().emit(Ask.class, query -> query.what().equals("another's"), "changed too");
            bus().queryUpdateEmitter().emit(Ask.class, query -> query.what().equals("mine"), "changed again");

            await().untilAsserted(() -> assertThat(following.heard).containsExactly("here", "changed", "changed again"));
        }
    }

    @Test
    void whatever_is_asked_passes_an_interceptor_once() {
        List<Object> passed = new CopyOnWriteArrayList<>();
        Registration near = bus().registerDispatchInterceptor(queries -> (index, query) -> {
            passed.add(query.getPayload());
            return query.andMetaData(Map.of("seen", "yes"));
        });

        answer(bus(), new Ask("near"));
        answer(bus(), new AskThere("far"));
        near.cancel();
        answer(bus(), new Ask("after"));
        answer(bus(), new AskThere("after"));

        assertThat(passed).containsExactly(new Ask("near"), new AskThere("far"));
        assertThat(askedHere).first().extracting(query -> query.getMetaData().get("seen")).isEqualTo("yes");
    }

    /** All that is told, the answer first. */
    private static final class Following implements AutoCloseable {

        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final SubscriptionQueryResult<QueryResponseMessage<String>, SubscriptionQueryUpdateMessage<String>> result;

        Following(SubscriptionQueryResult<QueryResponseMessage<String>, SubscriptionQueryUpdateMessage<String>> result) {
            this.result = result;
            heard.add(result.initialResult().map(QueryResponseMessage::getPayload).block(PATIENCE));
            result.updates().subscribe(update -> heard.add(update.getPayload()));
        }

        @Override
        public void close() {
            result.close();
        }
    }
}
