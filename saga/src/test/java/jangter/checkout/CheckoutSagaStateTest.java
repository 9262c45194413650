package jangter.checkout;

import static jangter.checkout.Sample.*;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.inventory.api.InventoryEvent;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.platform.messaging.Serializers;
import java.lang.reflect.Field;
import java.util.List;
import org.axonframework.eventhandling.scheduling.java.SimpleScheduleToken;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** Sagas are stored as JSON between events. */
class CheckoutSagaStateTest {

    private final Serializer json = Serializers.json();

    @Test
    void a_saga_comes_back_from_its_store_as_it_went_in_after_every_event() throws Exception {
        PaymentRequested request = threeLinesAndCoupon();
        Checkout checkout = Checkout.start(request, REQUESTED_AT, NOW, PACE).checkout();
        assertComesBack(checkout);
        for (Object event : List.of(taken(), deducted(CUP), elapsed(1), elapsed(2),
                deductionRefused(TEA, InventoryEvent.RefusedBecause.OUT_OF_STOCK), restored(POT), restored(CUP), elapsed(4), lastElapsed(5))) {
            checkout = checkout.on(event, NOW, PACE).checkout();
            assertComesBack(checkout);
        }
        assertThat(checkout.state()).isEqualTo(Checkout.State.PARKED);
    }

    @Test
    void a_usual_saga_takes_less_than_a_kilobyte() throws Exception {
        Checkout checkout = Checkout.start(oneLineAndCoupon(), REQUESTED_AT, NOW, PACE).checkout();
        assertThat(json.serialize(saga(checkout), String.class).getData()).hasSizeLessThan(1_000);
    }

    private void assertComesBack(Checkout checkout) throws Exception {
        SerializedObject<String> stored = json.serialize(saga(checkout), String.class);
        CheckoutSaga loaded = json.deserialize(stored);
        assertThat(field("checkout").get(loaded)).isEqualTo(checkout);
        assertThat(field("timer").get(loaded)).isEqualTo(new SimpleScheduleToken("token-1"));
    }

    private static CheckoutSaga saga(Checkout checkout) throws Exception {
        CheckoutSaga saga = new CheckoutSaga();
        field("checkout").set(saga, checkout);
        field("timer").set(saga, new SimpleScheduleToken("token-1"));
        return saga;
    }

    private static Field field(String name) throws NoSuchFieldException {
        Field field = CheckoutSaga.class.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
