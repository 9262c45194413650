package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.axoniq.axonserver.connector.AxonServerConnection;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.event.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole shop as {@code ./run} starts it, after the demo's orders, its log open wide and its checkouts in a hurry, so that timers went
 * off: what stands in its events and its log, and who can reach it.
 */
class WhatLeaksOutTest {

    private static final String KEY = "alice@example.com-";

    @TempDir
    static Path folder;

    private static JangterProcess shop;
    private static List<Event> events;

    @BeforeAll
    static void play() throws Exception {
        int port = JangterProcess.freePort();
        shop = JangterProcess.start(ArchivedClasses.get(), folder.resolve("output.txt"), port, Map.of("JANGTER_DATA", folder.resolve("data").toString(),
                "JANGTER_CHECKOUT_FIRSTWAIT", "PT0.005S", "JANGTER_CHECKOUT_SENDSBEFOREUNDOING", "30", "LOGGING_LEVEL_ROOT", "info",
                "LOGGING_LEVEL_JANGTER", "debug", "LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_WEB", "debug")).awaitHealthy();
        AtomicInteger keys = new AtomicInteger();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        new Demo(new ShopClient(shop.address(), () -> KEY + keys.incrementAndGet()), nowhere, "leaks").play();
        events = events();
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    @Test
    void every_event_tells_on_whose_behalf_it_happened() {
        assertThat(events).hasSizeGreaterThan(20).allSatisfy(event -> {
            assertThat(told(event, "askedBy")).as("%s", event).matches("(alice|bob|carol)-leaks|shop-staff|jangter-[a-z]+");
            assertThat(told(event, "traceId")).as("%s", event).matches("[0-9a-f]{32}");
        });
        assertThat(of("OrderEvent$OrderPlaced")).allSatisfy(event -> assertThat(told(event, "idempotencyKey")).matches("[0-9a-f]{64}"));
        assertThat(of("InventoryEvent$ProductRegistered")).allSatisfy(event -> assertThat(told(event, "askedBy")).isEqualTo("shop-staff"));
    }

    @Test
    void one_trace_leads_from_the_wish_to_pay_through_all_services_to_the_orders_end() {
        Event requested = of("OrderEvent$PaymentRequested").get(0);

        assertThat(events.stream().filter(event -> told(event, "traceId").equals(told(requested, "traceId"))).map(WhatLeaksOutTest::type))
                .contains("PaymentEvent$PaymentTaken", "InventoryEvent$StockDeducted", "CouponEvent$CouponUsed", "OrderEvent$OrderCompleted");
    }

    @Test
    void timers_go_off_on_the_customers_behalf() {
        assertThat(of("CheckoutEvent$TimerElapsed")).isNotEmpty().allSatisfy(event -> {
            assertThat(told(event, "askedBy")).matches("(alice|bob|carol)-leaks");
            assertThat(told(event, "idempotencyKey")).matches("[0-9a-f]{64}");
        });
    }

    @Test
    void no_token_and_no_key_stands_in_an_event() {
        assertThat(events).allSatisfy(event -> assertThat(event.toByteString().toStringUtf8()).doesNotContain(KEY, "example.com", "Bearer", "eyJ"));
    }

    @Test
    void no_token_no_key_and_no_stack_stands_in_the_log() {
        assertThat(shop.output()).contains(" INFO ", "DEBUG").doesNotContain(KEY).doesNotContain("example.com", "Bearer", "eyJ").doesNotContain("\tat ");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void every_listener_is_on_the_loopback_address() {
        List<InetSocketAddress> listeners = Listeners.of(shop.pid());

        assertThat(listeners).extracting(InetSocketAddress::getPort).contains(Integer.valueOf(shop.address().replaceAll(".*:", "")));
        assertThat(listeners).as("HTTP, Axon Server, Mongo").hasSizeGreaterThanOrEqualTo(3)
                .allMatch(listener -> listener.getAddress().isLoopbackAddress());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_development_servers_listen_on_the_loopback_address_unless_told_otherwise() {
        assertThat(listenersOf("axonserver", Map.of("JANGTER_AXONSERVER_HTTP_PORT", "0"))).hasSize(2)
                .allMatch(listener -> listener.getAddress().isLoopbackAddress());
        assertThat(listenersOf("mongo", Map.of())).hasSize(1).allMatch(listener -> listener.getAddress().isLoopbackAddress());
        assertThat(listenersOf("issuer", Map.of())).hasSize(1).allMatch(listener -> listener.getAddress().isLoopbackAddress());
        assertThat(listenersOf("axonserver", Map.of("JANGTER_AXONSERVER_HTTP_PORT", "-1", "JANGTER_AXONSERVER_HOST", "0.0.0.0",
                "JANGTER_AXONSERVER_TOKEN", "a-token"))).as("told otherwise").singleElement()
                .matches(listener -> listener.getAddress().isAnyLocalAddress());
    }

    private static List<InetSocketAddress> listenersOf(String what, Map<String, String> settings) {
        int port = JangterProcess.freePort();
        Map<String, String> environment = new HashMap<>(Map.of("JANGTER_AXONSERVER_PORT", String.valueOf(port),
                "JANGTER_AXONSERVER_DATA", folder.resolve("data-" + port).toString(), "JANGTER_DATA", folder.resolve("data-" + port).toString()));
        environment.putAll(settings);
        try (JangterProcess process = JangterProcess.start(ArchivedClasses.get(), folder.resolve(what + port), port, environment, what)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> process.output().contains("Jangter's development"));
            return Listeners.of(process.pid());
        }
    }

    private static List<Event> events() throws Exception {
        AxonServerConnectionFactory factory = AxonServerAccess.ofEnvironment(address()).connector("test");
        try {
            AxonServerConnection connection = factory.connect("default");
            long last = connection.eventChannel().getLastToken().get(30, TimeUnit.SECONDS);
            List<Event> all = new ArrayList<>();
            try (EventStream stream = connection.eventChannel().openStream(-1, 100)) {
                for (long i = 0; i <= last; i++) {
                    all.add(Objects.requireNonNull(stream.nextIfAvailable(30, TimeUnit.SECONDS)).getEvent());
                }
            }
            return all;
        } finally {
            factory.shutdown();
        }
    }

    private static String address() throws IOException {
        return Files.readString(EmbeddedParts.addressFile(folder.resolve("data")));
    }

    private static List<Event> of(String type) {
        return events.stream().filter(event -> type(event).equals(type)).toList();
    }

    private static String type(Event event) {
        return event.getPayload().getType().replaceAll(".*\\.", "");
    }

    private static String told(Event event, String key) {
        return event.getMetaDataOrDefault(key, MetaDataValue.getDefaultInstance()).getTextValue();
    }
}
