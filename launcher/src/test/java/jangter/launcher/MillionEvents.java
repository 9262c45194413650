package jangter.launcher;

import com.google.protobuf.ByteString;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;
import jangter.axonserver.DevelopmentAxonServer;
import jangter.checkout.api.CheckoutEvent.ParkingRequested;
import jangter.checkout.api.Reason;
import jangter.kernel.ChargeId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.WalletId;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.order.api.Basket;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.OrderPlaced;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.WalletCharged;
import jangter.platform.messaging.Serializers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.serialization.Serializer;

/**
 * A shop's twelve days: an event a second, a payment every ten seconds, of which one in twenty is declined, the last of them still going on
 * or held; wallets that are charged, one of them ten thousand times.
 */
final class MillionEvents implements AutoCloseable {

    static final int EVENTS = 1_000_000;
    static final int CHECKOUTS = 100_000;
    static final int OLD = 10_000;
    static final int CUSTOMERS = 10_000;
    static final int OPEN = 40;
    static final int HELD = 10;
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private static final int AT_ONCE = 5_000;
    private static final Serializer SERIALIZER = Serializers.json();
    private static final Money PRICE = Money.of(1_000, "KRW");

    private final AxonServerConnectionFactory factory;
    private final EventChannel events;
    private final Map<String, Long> sequences = new HashMap<>();
    private final List<Event> batch = new ArrayList<>();
    private int told;

    MillionEvents(DevelopmentAxonServer axonServer) {
        factory = AxonServerConnectionFactory.forClient("bars").routingServers(new ServerAddress(axonServer.host(), axonServer.port())).build();
        events = factory.connect("default").eventChannel();
    }

    static String order(int checkout) {
        // as even as real ones are
        return "order-%08x-%d".formatted(checkout * 0x9E3779B1, checkout);
    }

    void tellAll() throws Exception {
        int perCheckout = EVENTS / CHECKOUTS;
        for (int i = 0; i < CHECKOUTS; i++) {
            int before = told;
            checkout(i);
            if (i % (CHECKOUTS / OLD) == 0) {
                charge("old");
            }
            while (told - before < perCheckout && i < CHECKOUTS - 1) {
                charge("customer-" + told % CUSTOMERS);
            }
        }
        flush();
    }

    private void checkout(int number) throws Exception {
        OrderId order = new OrderId(order(number));
        PaymentId payment = new PaymentId("payment-" + number);
        CustomerId customer = new CustomerId("customer-" + number % CUSTOMERS);
        WalletId wallet = WalletId.of(customer);
        ProductId product = new ProductId("product-" + number % 100);
        Basket basket = new Basket(List.of(new OrderLine(product, new Quantity(1), PRICE)), null);
        Instant at = at();
        tell(order.value(), "Order", new OrderPlaced(order, customer, basket, PRICE, at.plusSeconds(1_800)));
        tell(order.value(), "Order", new PaymentRequested(order, payment, customer, basket, PRICE));
        if (number >= CHECKOUTS - OPEN) {
            if (number < CHECKOUTS - OPEN + HELD) {
                tell("", "", new ParkingRequested(payment, order, 1, new CustomerId("olga"), new Reason("A look at it first.")));
            }
        } else if (number % 20 == 0) {
            tell(wallet.value(), "Wallet", new PaymentDeclined(wallet, payment, order, PRICE, DeclineReason.INSUFFICIENT_BALANCE, at));
            tell(order.value(), "Order", new PaymentFailed(order, payment, FailureReason.INSUFFICIENT_BALANCE, at.plusSeconds(1_800)));
        } else {
            tell(wallet.value(), "Wallet", new PaymentTaken(wallet, payment, order, PRICE, PRICE, at));
            tell(product.value(), "Product", new StockDeducted(product, payment, order, new Quantity(1), new Quantity(1), at));
            tell(order.value(), "Order", new OrderCompleted(order, payment, customer, basket));
        }
    }

    private void charge(String customer) throws Exception {
        WalletId wallet = WalletId.of(new CustomerId(customer));
        tell(wallet.value(), "Wallet", new WalletCharged(wallet, new ChargeId("charge-" + told), PRICE, PRICE));
    }

    private void tell(String aggregate, String type, Object event) throws Exception {
        long sequence = aggregate.isEmpty() ? 0 : sequences.merge(aggregate, 0L, (known, first) -> known + 1);
        batch.add(Event.newBuilder().setMessageIdentifier("event-" + told).setAggregateIdentifier(aggregate).setAggregateSequenceNumber(sequence).setAggregateType(type)
                .setTimestamp(at().toEpochMilli()).setPayload(SerializedObject.newBuilder().setType(event.getClass().getName()).setRevision("1")
                        .setData(ByteString.copyFrom(SERIALIZER.serialize(event, byte[].class).getData()))).build());
        told++;
        if (batch.size() == AT_ONCE) {
            flush();
        }
    }

    private void flush() throws Exception {
        events.appendEvents(batch.toArray(Event[]::new)).get(60, TimeUnit.SECONDS);
        batch.clear();
    }

    private Instant at() {
        return BEGIN.plusSeconds(told);
    }

    @Override
    public void close() {
        factory.shutdown();
    }
}
