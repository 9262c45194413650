package jangter.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.inventory.api.InventoryEvent.DeductionsSettled;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.order.api.Basket;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderLine;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeductionSettlementTest extends ProductScene {

    private final ProductId cup = product("cup");

    @Test
    void the_deductions_of_a_completed_order_become_final_in_each_of_its_products() {
        PaymentId payment = payment("first");
        register(tea, "Green tea", 10);
        register(cup, "Cup", 10);
        deduct(tea, payment, 1, REQUESTED);
        deduct(cup, payment, 1, REQUESTED);

        complete(new OrderId("order-1"), payment, tea, cup);

        await().atMost(SOON).until(() -> settled(tea).equals(Set.of(payment)) && settled(cup).equals(Set.of(payment)));
        restore(tea, payment, REQUESTED);
        assertThat(told(tea)).last().isEqualTo(new DeductionsSettled(tea, Set.of(payment)));
    }

    @Test
    void an_order_that_is_told_to_be_complete_twice_is_settled_once() {
        PaymentId first = payment("first");
        PaymentId second = payment("second");
        register(tea, "Green tea", 10);
        deduct(tea, first, 1, REQUESTED);
        deduct(tea, second, 1, REQUESTED);
        complete(new OrderId("order-1"), first, tea);
        await().atMost(SOON).until(() -> settled(tea).equals(Set.of(first)));

        complete(new OrderId("order-1"), first, tea);
        complete(new OrderId("order-1"), second, tea);

        await().atMost(SOON).until(() -> settled(tea).equals(Set.of(first, second)));
        assertThat(told(tea)).hasSize(5);
    }

    private void complete(OrderId order, PaymentId payment, ProductId... products) {
        Basket basket = new Basket(Stream.of(products).map(product -> new OrderLine(product, new Quantity(1), won(5_000))).toList(), null);
        tell(order, 2, new OrderCompleted(order, payment, new CustomerId("alice"), basket));
    }

    /** The payments that the product was told are final. */
    private Set<PaymentId> settled(ProductId product) {
        Set<PaymentId> payments = new HashSet<>();
        told(product).stream().filter(DeductionsSettled.class::isInstance).map(DeductionsSettled.class::cast)
                .forEach(settled -> payments.addAll(settled.payments()));
        return payments;
    }
}
