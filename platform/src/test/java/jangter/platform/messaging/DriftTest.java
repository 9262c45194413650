package jangter.platform.messaging;

import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.Updates;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.platform.ServiceTest;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Stored events whose shape is not the one that this version writes. */
@ServiceTest({DriftTest.Upcasters.class, DriftTest.Placed.class})
class DriftTest {

    private static final String ORDER_PLACED = OrderPlaced.class.getName();
    /** Before orders expired, an order did not say until when it is to be paid, and the sum was called its price. */
    private static final String REVISION_MINUS_1 = """
            {"orderId":"%s","customerId":"alice","basket":{"lines":[{"productId":"product-1","quantity":3,\
            "unitPrice":{"amount":500,"currency":"KRW"}}],"coupon":null},"price":{"amount":1500,"currency":"KRW"}}""";
    private static final String REVISION_1 = and("\"payBy\":\"2026-11-22T11:00:00Z\"", REVISION_MINUS_1.replace("price", "total"));

    static class Upcasters {

        @Bean
        @Primary
        StoredEvents storedEvents(@Qualifier("eventSerializer") Serializer serializer, org.axonframework.config.Configuration axon) {
            EventUpcaster chain = events -> axon.upcasterChain().upcast(events);
            return new StoredEvents(serializer, chain);
        }

        @Bean
        @Order(2)
        EventUpcaster ordersArePaidWithinADay() {
            return new FromRevision("0") {
                @Override
                JsonNode change(ObjectNode placed, Instant at) {
                    return placed.put("payBy", at.plus(Duration.ofDays(1)).toString());
                }
            };
        }

        @Bean
        @Order(1)
        EventUpcaster priceIsCalledTotal() {
            return new FromRevision("-1") {
                @Override
                JsonNode change(ObjectNode placed, Instant at) {
                    return placed.set("total", placed.remove("price"));
                }
            };
        }
    }

    /** One step of {@code OrderPlaced} to its next revision. */
    abstract static class FromRevision extends SingleEventUpcaster {

        private final SimpleSerializedType from;
        private final SimpleSerializedType to;

        FromRevision(String revision) {
            from = new SimpleSerializedType(ORDER_PLACED, revision);
            to = new SimpleSerializedType(ORDER_PLACED, Integer.toString(Integer.parseInt(revision) + 1));
        }

        abstract JsonNode change(ObjectNode placed, Instant at);

        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(from);
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(to, JsonNode.class, placed -> change((ObjectNode) placed, event.getTimestamp()));
        }
    }

    @ProcessingGroup("drift-views")
    static class Placed {
        private final View orders;

        Placed(Databases databases) {
            orders = databases.of("drift").view("drift-views", "orders");
        }

        @EventHandler
        void on(OrderPlaced event) {
            orders.set(event.orderId(), Updates.set("total", event.total()), Updates.set("payBy", event.payBy()));
        }
    }

    @Autowired
    StoredEvents stored;

    @Autowired
    EventStore events;

    @Autowired
    MeterRegistry meters;

    @Autowired
    Databases databases;

    @Autowired
    WebTestClient http;

    @Test
    void an_event_of_an_old_shape_is_read_as_the_upcasters_say_in_their_order() {
        stored.add("order-old", 0, ORDER_PLACED, "-1", REVISION_MINUS_1.formatted("order-old"));

        var document = soon("order-old");

        assertThat(Documents.money(document, "total").amount()).isEqualTo(1500);
        assertThat(Documents.instant(document, "payBy")).isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
        OrderPlaced placed = (OrderPlaced) events.readEvents("order-old").next().getPayload();
        assertThat(placed.payBy()).as("aggregates read it too").isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
    }

    @Test
    void an_event_that_nobody_knows_is_passed_over_and_counted() {
        stored.add("order-new", 0, "jangter.order.api.OrderEvent$OrderGiftWrapped", "1", "{\"paper\":\"red\"}");
        stored.add("order-new", 1, "jangter.order.api.OrderEvent$OrderGiftWrapped", "1", "{\"paper\":\"red\"}");
        stored.add("order-after", 0, ORDER_PLACED, "1", REVISION_1.formatted("order-after"));

        assertThat(Documents.instant(soon("order-after"), "payBy")).isEqualTo(Instant.parse("2026-11-22T11:00:00Z"));
        assertThat(unknown("jangter.order.api.OrderEvent$OrderGiftWrapped")).isGreaterThanOrEqualTo(2);
        http.get().uri("/actuator/deadletters").headers(asStaff("olga")).exchange().expectBody().json("[]");
        http.get().uri("/actuator/processors/drift-views").headers(asStaff("olga")).exchange().expectBody().jsonPath("$.segments[0].error").doesNotExist();
    }

    @Test
    void what_a_later_version_adds_to_an_event_is_passed_over_too() {
        stored.add("order-later", 0, ORDER_PLACED, "2",
                and("\"giftWrap\":{\"paper\":\"red\"}", REVISION_1.formatted("order-later")));

        assertThat(Documents.money(soon("order-later"), "total").amount()).isEqualTo(1500);
    }

    @Test
    void the_types_of_unknown_events_that_are_told_apart_are_bounded() {
        MeterRegistry counted = new SimpleMeterRegistry();
        EventUpcasterChain chain = new EventUpcasterChain(new UnknownEvents(Serializers.json(), counted));
        StoredEvents many = new StoredEvents(Serializers.json(), chain);
        for (int type = 0; type < 300; type++) {
            many.add("thing", type, "jangter.Unknown" + type, "1", "{}");
        }
        many.add("thing", 300, OrderCancelled.class.getName(), "1", "{\"orderId\":\"order-1\",\"reason\":\"EXPIRED\"}");

        try (Stream<?> read = many.readEvents(null, false)) {
            assertThat(read.toList()).hasSize(301);
        }

        assertThat(counted.find("jangter.events.unknown").counters()).hasSize(101);
        assertThat(counted.counter("jangter.events.unknown", "type", "other").count()).isEqualTo(200);
    }

    private Document soon(String order) {
        View orders = databases.of("drift").view("drift-views", "orders");
        await().atMost(Duration.ofSeconds(10)).until(() -> orders.find(order).block() != null);
        return orders.find(order).block();
    }

    private static String and(String field, String json) {
        return json.substring(0, json.lastIndexOf('}')) + "," + field + "}";
    }

    private double unknown(String type) {
        Counter counter = meters.find("jangter.events.unknown").tag("type", type).counter();
        return counter == null ? 0 : counter.count();
    }
}
