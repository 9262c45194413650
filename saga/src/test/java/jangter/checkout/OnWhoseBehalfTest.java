package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.checkout.Checkout.State;
import jangter.checkout.api.CheckoutEvent.CheckoutParked;
import jangter.checkout.api.CheckoutEvent.CompensationStarted;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutEvent.StepSentAgain;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.payment.api.PaymentCommand.RefundPayment;
import jangter.payment.api.PaymentCommand.TakePayment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.common.Registration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What the checkout sends, schedules and tells is on behalf of the customer who wanted to pay, however much later. */
@TestPropertySource(properties = {"jangter.checkout.first-wait=PT0.05S", "jangter.checkout.longest-wait=PT0.1S",
        "jangter.checkout.sends-before-undoing=2", "jangter.checkout.sends-before-parking=3"})
class OnWhoseBehalfTest extends CheckoutScene {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<String, String> ALICE =
            Map.of("askedBy", "alice", "traceId", "0af7651916cd43dd8448eb211c80319c", "idempotencyKey", "digest");

    @Autowired
    CommandBus commands;

    private final List<CommandMessage<?>> sent = new CopyOnWriteArrayList<>();
    private Registration listening = () -> true;

    @BeforeEach
    void listen() {
        listening = commands.registerDispatchInterceptor(messages -> (index, message) -> {
            sent.add(message);
            return message;
        });
    }

    @AfterEach
    void stopListening() {
        listening.cancel();
    }

    @Test
    void a_step_its_repetition_after_a_timer_and_its_undoing_are_the_customers() {
        events.publish(GenericEventMessage.asEventMessage(requested(order, 1)).withMetaData(ALICE));
        shown(order, State.PARKED);

        assertThat(sent(TakePayment.class)).hasSize(2).allSatisfy(this::isAlices);
        assertThat(sent(RefundPayment.class)).isNotEmpty().allSatisfy(this::isAlices);
        List.of(TimerElapsed.class, StepSentAgain.class, CompensationStarted.class, CheckoutParked.class)
                // the view may know that it is parked before the saga has told so
                .forEach(type -> await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(told(type)).as(type.getSimpleName()).isNotEmpty().allSatisfy(this::isAlices)));
    }

    @Test
    void what_follows_from_an_answer_is_the_customers() {
        events.publish(GenericEventMessage.asEventMessage(requested(order, 1)).withMetaData(ALICE));
        events.publish(GenericEventMessage.asEventMessage(taken(order, 1)).withMetaData(ALICE));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(sent(DeductStock.class)).isNotEmpty());
        assertThat(sent(DeductStock.class)).allSatisfy(this::isAlices);
    }

    @Test
    void what_follows_from_an_operators_retry_is_the_operators() {
        events.publish(GenericEventMessage.asEventMessage(requested(order, 1)).withMetaData(ALICE));
        shown(order, State.PARKED);
        int before = sent(RefundPayment.class).size();

        retry(order).expectStatus().isAccepted();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(sent(RefundPayment.class)).hasSizeGreaterThan(before));
        assertThat(told(RetryRequested.class)).singleElement().satisfies(this::isOlgas);
        assertThat(sent(RefundPayment.class).get(before)).satisfies(this::isOlgas);
    }

    private void isAlices(Message<?> message) {
        assertThat(message.getMetaData()).containsAllEntriesOf(ALICE);
    }

    private void isOlgas(Message<?> message) {
        assertThat(message.getMetaData()).containsEntry("askedBy", Sample.OPERATOR.value()).doesNotContainEntry("traceId", ALICE.get("traceId"));
    }

    private List<CommandMessage<?>> sent(Class<?> type) {
        return sent.stream().filter(message -> type.isInstance(message.getPayload()) && isOfThisOrder(message)).toList();
    }

    private List<? extends EventMessage<?>> told(Class<?> type) {
        try (Stream<? extends EventMessage<?>> all = store.openStream(store.createTailToken()).asStream()) {
            return all.limit(store.createHeadToken().position().orElse(-1) + 1)
                    .filter(message -> type.isInstance(message.getPayload()) && isOfThisOrder(message)).toList();
        }
    }

    private boolean isOfThisOrder(Message<?> message) {
        return message.getPayload().toString().contains("=" + payment(order, 1) + ",");
    }
}
