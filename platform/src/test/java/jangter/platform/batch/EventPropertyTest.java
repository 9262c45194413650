package jangter.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;

class EventPropertyTest {

    record Placed(String orderId, int lines) {
    }

    record Cancelled(Integer orderId) {
    }

    private final EventProperty order = new EventProperty("orderId");

    @Test
    void it_is_what_each_type_says_under_that_name() {
        assertThat(order.of(GenericEventMessage.asEventMessage(new Placed("order-1", 2)))).contains("order-1");
        assertThat(order.of(GenericEventMessage.asEventMessage(new Placed("order-2", 2)))).contains("order-2");
        assertThat(order.of(GenericEventMessage.asEventMessage(new Cancelled(3)))).contains("3");
    }

    @Test
    void it_is_nothing_where_nothing_is_said() {
        assertThat(order.of(GenericEventMessage.asEventMessage("no order"))).isEmpty();
        assertThat(order.of(GenericEventMessage.asEventMessage(new Cancelled(null)))).isEmpty();
    }
}
