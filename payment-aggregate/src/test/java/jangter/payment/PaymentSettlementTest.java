package jangter.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.order.api.Basket;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentEvent.PaymentsSettled;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PaymentSettlementTest extends WalletScene {

    private static final Basket BASKET =
            new Basket(List.of(new OrderLine(new ProductId("product-tea"), new Quantity(1), won(1_000))), null);

    @Test
    void the_payment_of_a_completed_order_becomes_final() {
        PaymentId payment = payment("first");
        charge("1", won(10_000));
        take(payment, won(1_000));

        complete(new OrderId("order-1"), payment, alice);

        await().atMost(SOON).until(() -> settled().equals(Set.of(payment)));
        refund(payment);
        assertThat(told()).last().isEqualTo(new PaymentsSettled(wallet, Set.of(payment)));
    }

    @Test
    void an_order_that_is_told_to_be_complete_twice_is_settled_once() {
        PaymentId first = payment("first");
        PaymentId second = payment("second");
        charge("1", won(10_000));
        take(first, won(1_000));
        take(second, won(1_000));
        complete(new OrderId("order-1"), first, alice);
        await().atMost(SOON).until(() -> settled().equals(Set.of(first)));

        complete(new OrderId("order-1"), first, alice);
        complete(new OrderId("order-1"), second, alice);

        await().atMost(SOON).until(() -> settled().equals(Set.of(first, second)));
        assertThat(told()).hasSize(5);
    }

    private void complete(OrderId order, PaymentId payment, CustomerId customer) {
        tell(order, 2, new OrderCompleted(order, payment, customer, BASKET));
    }

    /** The payments that the wallet was told are final. */
    private Set<PaymentId> settled() {
        Set<PaymentId> payments = new HashSet<>();
        told().stream().filter(PaymentsSettled.class::isInstance).map(PaymentsSettled.class::cast)
                .forEach(settled -> payments.addAll(settled.payments()));
        return payments;
    }
}
