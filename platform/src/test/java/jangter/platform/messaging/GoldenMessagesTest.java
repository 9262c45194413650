package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.checkout.api.CheckoutEvent;
import jangter.checkout.api.Reason;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponCommand;
import jangter.coupon.api.CouponEvent;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.inventory.api.InventoryCommand;
import jangter.inventory.api.InventoryEvent;
import jangter.kernel.CampaignId;
import jangter.kernel.ChargeId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.Refusal;
import jangter.kernel.WalletId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.CancelReason;
import jangter.order.api.OrderCommand;
import jangter.order.api.OrderEvent;
import jangter.order.api.OrderLine;
import jangter.order.api.OrderQuery;
import jangter.payment.api.PaymentCommand;
import jangter.payment.api.PaymentEvent;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.serialization.Revision;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every message's JSON against a file, so that a changed wire shape is a decision: stored events are read for years. Where a
 * change is wanted, {@code -Dgolden.update=true} writes the files anew, and the difference is reviewed.
 */
class GoldenMessagesTest {

    private static final Path FILES = Path.of("src/test/resources/golden");

    private static final List<Class<?>> VOCABULARIES = List.of(OrderCommand.class, OrderEvent.class, OrderQuery.class, PaymentCommand.class,
            PaymentEvent.class, InventoryCommand.class, InventoryEvent.class, CouponCommand.class, CouponEvent.class, CheckoutEvent.class,
            Discount.class);

    private static final Money MONEY = Money.of(12_500, "KRW");
    private static final Instant INSTANT = Instant.parse("2026-11-22T10:15:30.125Z");
    private static final Map<Class<?>, Object> VALUES = Map.ofEntries(
            Map.entry(OrderId.class, new OrderId("order-1")), Map.entry(PaymentId.class, new PaymentId("payment-1")),
            Map.entry(ChargeId.class, new ChargeId("charge-1")), Map.entry(ProductId.class, new ProductId("product-1")),
            Map.entry(DeliveryId.class, new DeliveryId("delivery-1")), Map.entry(CampaignId.class, new CampaignId("campaign-1")),
            Map.entry(CouponId.class, new CouponId("coupon-1")), Map.entry(CustomerId.class, new CustomerId("alice")),
            Map.entry(WalletId.class, new WalletId("wallet-alice")), Map.entry(Reason.class, new Reason("It hangs.")),
            Map.entry(Name.class, new Name("김치 Kimchi")),
            Map.entry(Quantity.class, new Quantity(3)), Map.entry(Money.class, MONEY), Map.entry(Instant.class, INSTANT),
            Map.entry(Duration.class, Duration.ofDays(30)), Map.entry(Discount.class, new Discount.Percent(10, MONEY)),
            Map.entry(Window.class, new Window(INSTANT, INSTANT.plusSeconds(60))), Map.entry(Step.class, Step.DEDUCT_STOCK),
            Map.entry(Set.class, Set.of(new PaymentId("payment-1"))),
            Map.entry(CouponEvent.CouponsClaimed.Claimed.class, new CouponEvent.CouponsClaimed.Claimed(new CouponId("coupon-1"), new CustomerId("alice"))),
            Map.entry(CouponCommand.IssueCoupons.Claim.class, new CouponCommand.IssueCoupons.Claim(new CouponId("coupon-1"), new CustomerId("alice"),
                    Map.of("askedBy", "alice"))),
            Map.entry(int.class, 7), Map.entry(long.class, 7L),
            Map.entry(boolean.class, true), Map.entry(String.class, "text"),
            Map.entry(Basket.class, new Basket(List.of(new OrderLine(new ProductId("product-1"), new Quantity(3), MONEY)),
                    new AppliedCoupon(new CouponId("coupon-1"), Money.of(500, "KRW")))));

    private final Serializer json = Serializers.json();

    static Stream<Class<?>> messages() {
        return VOCABULARIES.stream().flatMap(vocabulary -> Arrays.stream(vocabulary.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void every_message_reads_and_writes_as_its_golden_file_says(Class<?> type) throws Exception {
        Object message = sample(type);
        SerializedObject<String> written = json.serialize(message, String.class);
        Path file = FILES.resolve(type.getName().substring(type.getPackageName().length() + 1).replace('$', '.') + ".json");
        String text = "{\"type\":\"" + written.getType().getName() + "\",\"revision\":" + quoted(written.getType().getRevision())
                + ",\"payload\":" + written.getData() + "}\n";
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FILES);
            Files.writeString(file, text);
        }

        assertThat(file).as("a new message wants a golden file: run with -Dgolden.update=true and review it").exists();
        assertThat(text).isEqualTo(Files.readString(file));
        assertThat(json.<String, Object>deserialize(written)).isEqualTo(message);
    }

    @Test
    void a_retry_from_before_reasons_were_asked_for_still_loads() {
        SerializedObject<byte[]> old = new SimpleSerializedObject<>("""
                {"paymentId":"payment-1","orderId":"order-1","round":3,"requestedBy":"olga"}""".getBytes(StandardCharsets.UTF_8), byte[].class,
                CheckoutEvent.RetryRequested.class.getName(), "1");
        assertThat(Serializers.json().<byte[], CheckoutEvent.RetryRequested>deserialize(old)).isEqualTo(
                new CheckoutEvent.RetryRequested(new PaymentId("payment-1"), new OrderId("order-1"), 3, new CustomerId("olga"), null));
    }

    @Test
    void no_golden_file_is_left_of_a_message_that_is_gone() throws IOException {
        Set<String> expected = Set.copyOf(messages()
                .map(type -> type.getName().substring(type.getPackageName().length() + 1).replace('$', '.') + ".json").toList());
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void every_event_has_a_revision_so_that_it_can_be_upcast() {
        assertThat(messages().filter(type -> type.getEnclosingClass().getSimpleName().endsWith("Event")))
                .allMatch(type -> type.isAnnotationPresent(Revision.class));
    }

    @Test
    void a_refusal_travels_with_its_facts() {
        Refusal refusal = new Refusal("sold-out", Refusal.Kind.CONFLICT, "All gone.");

        assertThat(json.<String, Object>deserialize(json.serialize(refusal, String.class))).isEqualTo(refusal);
    }

    @Test
    void a_message_of_a_later_version_is_read_without_what_it_adds() {
        SerializedObject<String> written = json.serialize(new OrderEvent.OrderCancelled(new OrderId("order-1"),
                CancelReason.EXPIRED), String.class);
        var later = new SimpleSerializedObject<>(written.getData().replace("{", "{\"added\":1,"), String.class,
                written.getType());

        assertThat(json.<String, Object>deserialize(later)).isEqualTo(json.<String, Object>deserialize(written));
    }

    private static Object sample(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        var constructor = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(Arrays.stream(components).map(GoldenMessagesTest::value).toArray());
    }

    private static Object value(RecordComponent component) {
        return component.getType() == List.class
                ? List.of(value((Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0])) : value(component.getType());
    }

    private static Object value(Class<?> type) {
        Object value = type.isEnum() && !VALUES.containsKey(type) ? type.getEnumConstants()[0] : VALUES.get(type);
        assertThat(value).as("a sample of %s", type).isNotNull();
        return value;
    }

    private static String quoted(String text) {
        return text == null ? "null" : '"' + text + '"';
    }
}
