package jangter.coupon;

import static jangter.coupon.Samples.ALICE;
import static jangter.coupon.Samples.BOB;
import static jangter.coupon.Samples.COUPON;
import static jangter.coupon.Samples.NOON;
import static jangter.coupon.Samples.OTHER_COUPON;
import static jangter.coupon.Samples.CAMPAIGN;
import static jangter.coupon.Samples.claim;
import static jangter.coupon.Samples.issue;
import static jangter.coupon.Samples.launch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponDecisions;
import jangter.coupon.api.CouponEvent;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.coupon.api.CouponEvent.CouponsClaimed;
import jangter.coupon.api.CouponEvent.CouponsClaimed.Claimed;
import jangter.coupon.api.CouponRefusal;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Both aggregates together, on Axon's own buses and store in this process. */
class FirstComeTest {

    private static final int THREADS = 64;
    private static final int CUSTOMERS = 200;
    private static final int REQUESTS_EACH = 3;
    private static final int QUANTITY = 100;

    private final Clock clockBefore = GenericEventMessage.clock;
    private final Store store = new Store();
    private Configuration axon;
    private CommandGateway commands;

    @BeforeEach
    void start() {
        GenericEventMessage.clock = Clock.fixed(NOON, ZoneOffset.UTC);
        axon = DefaultConfigurer.defaultConfiguration(false)
                .configureEmbeddedEventStore(config -> store)
                .registerComponent(FirstEvents.class, config -> (issued, onBehalf) -> config.eventBus().publish(Coupon.first(issued, onBehalf)))
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Campaign.class).configureWeakReferenceCache())
                .configureAggregate(AggregateConfigurer.defaultConfiguration(Coupon.class).configureWeakReferenceCache())
                .start();
        commands = axon.commandGateway();
    }

    @AfterEach
    void stop() {
        axon.shutdown();
        GenericEventMessage.clock = clockBefore;
    }

    @Test
    void however_many_ask_at_once_each_coupon_goes_to_one_customer_and_none_is_issued_past_the_last() throws Exception {
        commands.sendAndWait(launch(QUANTITY));
        List<Callable<String>> requests = new ArrayList<>();
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            for (int request = 0; request < REQUESTS_EACH; request++) {
                CustomerId who = new CustomerId("customer-" + customer);
                CouponId coupon = new CouponId("coupon-" + customer + "-" + request);
                requests.add(() -> outcome(coupon, who));
            }
        }
        Collections.shuffle(requests, new Random(20261101));

        List<String> outcomes = new ArrayList<>();
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<String> outcome : threads.invokeAll(requests)) {
                outcomes.add(outcome.get());
            }
        } finally {
            threads.shutdown();
        }

        assertThat(outcomes).filteredOn("issued"::equals).hasSize(QUANTITY);
        assertThat(outcomes).filteredOn(outcome -> !outcome.equals("issued"))
                .containsOnly(CouponRefusal.ALREADY_ISSUED.code(), CouponRefusal.SOLD_OUT.code());
        List<CouponClaimed> claims = store.all(CouponClaimed.class);
        List<CouponIssued> coupons = store.all(CouponIssued.class);
        assertThat(claims).hasSize(QUANTITY);
        assertThat(claims).extracting(CouponClaimed::customerId).doesNotHaveDuplicates();
        assertThat(claims).extracting(claim -> claim.remaining().value())
                .containsExactlyElementsOf(IntStream.range(0, QUANTITY).mapToObj(i -> QUANTITY - 1 - i).toList());
        assertThat(coupons).extracting(CouponIssued::couponId)
                .containsExactlyElementsOf(claims.stream().map(CouponClaimed::couponId).toList());
        assertThat(coupons).extracting(CouponIssued::customerId)
                .containsExactlyElementsOf(claims.stream().map(CouponClaimed::customerId).toList());
    }

    @Test
    void through_two_instances_each_coupon_goes_to_one_customer_and_none_is_issued_past_the_last() {
        commands.sendAndWait(launch(QUANTITY));
        List<CouponDrop> instances = List.of(edge(), edge());
        List<Mono<String>> requests = new ArrayList<>();
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            for (int request = 0; request < REQUESTS_EACH; request++) {
                Claim claim = claim(new CouponId("coupon-" + customer + "-" + request), new CustomerId("customer-" + customer));
                requests.add(instances.get(request % 2).come(CAMPAIGN, claim).hasElement().map(issued -> "issued")
                        .onErrorResume(RefusedException.class, refused -> Mono.just(refused.refusal().code()))
                        .subscribeOn(Schedulers.boundedElastic()));
            }
        }
        Collections.shuffle(requests, new Random(20261123));
        List<String> outcomes = Flux.fromIterable(requests).flatMap(request -> request, THREADS).collectList().block(Duration.ofMinutes(1));

        assertThat(outcomes).filteredOn("issued"::equals).hasSize(QUANTITY);
        List<Claimed> claims = claims();
        assertThat(claims).hasSize(QUANTITY).extracting(Claimed::customerId).doesNotHaveDuplicates();
        assertThat(store.all(CouponIssued.class)).extracting(CouponIssued::couponId)
                .containsExactlyElementsOf(claims.stream().map(Claimed::couponId).toList());
        assertThat(instances).allSatisfy(instance -> {
            assertThat(instance.busy()).isZero();
            assertThat(instance.refusal(CAMPAIGN, new CustomerId("nobody"))).isPresent();
        });
    }

    /** Of those who came alone and of those who came together, in order. */
    private List<Claimed> claims() {
        return store.all(CouponEvent.class).stream().flatMap(event -> event instanceof CouponsClaimed together ? together.claims().stream()
                : event instanceof CouponClaimed alone ? Stream.of(new Claimed(alone.couponId(), alone.customerId())) : Stream.empty()).toList();
    }

    private CouponDrop edge() {
        return new CouponDrop(command -> Mono.fromFuture(() -> commands.<CouponDecisions>send(command)));
    }

    @Test
    void a_claim_is_not_kept_without_its_coupon() {
        commands.sendAndWait(launch(1));
        store.taken = COUPON;

        assertThatThrownBy(() -> commands.sendAndWait(issue(COUPON, ALICE))).isInstanceOf(EventStoreException.class);

        assertThat(store.all(CouponClaimed.class)).isEmpty();
        assertThat(store.all(CouponIssued.class)).isEmpty();
        commands.sendAndWait(issue(OTHER_COUPON, ALICE));
        assertThat(outcome(COUPON, BOB)).isEqualTo(CouponRefusal.SOLD_OUT.code());
        assertThat(store.all(CouponClaimed.class)).extracting(CouponClaimed::couponId).containsExactly(OTHER_COUPON);
    }

    private String outcome(CouponId coupon, CustomerId customer) {
        try {
            commands.sendAndWait(issue(coupon, customer));
            return "issued";
        } catch (RefusedException refused) {
            return refused.refusal().code();
        }
    }

    /** Axon's store in memory, which itself would let a stream begin twice. This one refuses it, as Axon Server does. */
    private static final class Store extends InMemoryEventStorageEngine {

        private CouponId taken;

        @Override
        public void appendEvents(List<? extends EventMessage<?>> events) {
            for (EventMessage<?> event : events) {
                if (event.getPayload() instanceof CouponIssued issued && issued.couponId().equals(taken)) {
                    throw new EventStoreException("The stream has begun.");
                }
            }
            super.appendEvents(events);
        }

        private <E> List<E> all(Class<E> type) {
            return readEvents(null, false).map(Message::getPayload).filter(type::isInstance).<E>map(type::cast).toList();
        }
    }
}
