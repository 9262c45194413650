package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.checkout.Checkout.State;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.platform.messaging.ViewsAnew;
import java.time.Instant;
import java.util.List;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.AnnotationEventHandlerAdapter;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.messaging.MetaData;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;

class CheckoutViewsTest extends CheckoutScene {

    @Autowired
    BeanFactory service;

    @Autowired
    CheckoutViews views;
    @Autowired
    EventProcessingConfiguration processing;

    @Test
    void a_batch_that_comes_again_changes_nothing() {
        List<Object> all = allIsWell(order, 1);
        handle(all, 0, 3);
        handle(all, 3, 5);
        Document once = stored(order);
        assertThat(once.getString("state")).isEqualTo("COMPLETED");

        handle(all, 3, 5);
        assertThat(stored(order)).isEqualTo(once);
        handle(all, 0, 5);
        assertThat(stored(order)).isEqualTo(once);
    }

    @Test
    void a_batch_of_which_half_was_written_comes_to_the_same() {
        List<Object> all = soldOut(order, 1);
        handle(all, 0, 5);
        Document once = stored(order);

        databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, CheckoutDocuments.CHECKOUTS).clear();
        handle(all, 0, 2);
        handle(all, 0, 4);
        handle(all, 1, 5);
        assertThat(stored(order)).isEqualTo(once);
    }

    @Test
    void one_by_one_or_all_at_once_is_the_same() {
        List<Object> all = soldOut(order, 1);
        handle(all, 0, 5);
        Document atOnce = stored(order);

        databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, CheckoutDocuments.CHECKOUTS).clear();
        for (int i = 0; i < 5; i++) {
            handle(all, i, i + 1);
        }
        assertThat(stored(order)).isEqualTo(atOnce);
    }

    @Test
    void what_was_sent_again_shows_how_often_and_from_when_it_was_waited_for() {
        List<Object> all = List.of(requested(order, 1), new TimerElapsed(payment(order, 1), order, 1, false), taken(order, 1));
        handle(all, 0, 2);
        CheckoutDetails.Entry waiting = details(order).attempts().get(0).timeline().get(0);
        assertThat(waiting.attempt()).isEqualTo(2);
        assertThat(waiting.askedAt()).isEqualTo(at(0));

        handle(all, 2, 3);
        CheckoutDetails.Entry answered = details(order).attempts().get(0).timeline().get(0);
        assertThat(answered.answeredAt()).isEqualTo(at(2));
        assertThat(answered.millis()).isEqualTo(2_000);
    }

    @Test
    void events_of_a_payment_that_is_not_known_are_passed_over() {
        handle(List.of(taken(order, 1)), 0, 1);
        assertThat(stored(order)).isNull();
    }

    @Test
    void a_replay_builds_the_same_view() {
        tellAll(soldOut(order, 1));
        tellAll(allIsWell(order, 2));
        shown(order, State.COMPLETED);
        Document before = stored(order);

        ViewsAnew.build(service, CheckoutViews.GROUP);

        assertThat(stored(order)).isEqualTo(before);
    }

    @Test
    void the_sagas_processor_cannot_be_reset() {
        assertThat(processing.eventProcessor("saga-checkout", StreamingEventProcessor.class).orElseThrow().supportsReset()).isFalse();
    }

    private void handle(List<Object> events, int from, int to) {
        AnnotationEventHandlerAdapter handler = new AnnotationEventHandlerAdapter(views);
        batch(() -> {
            for (int i = from; i < to; i++) {
                try {
                    handler.handle(new GenericEventMessage<>("event-" + i, events.get(i), MetaData.emptyInstance(), at(i)));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        });
    }

    private static Instant at(int second) {
        return Sample.REQUESTED_AT.plusSeconds(second);
    }
}
