package jangter.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import jangter.inventory.api.InventoryEvent.DeductionsSettled;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.inventory.api.InventoryEvent.RefusedBecause;
import jangter.inventory.api.InventoryEvent.StockAdded;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.platform.messaging.Serializers;
import java.time.Instant;
import java.util.Set;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** What a product remembers, as its snapshots hold it. */
class ProductStateTest {

    private static final ProductId TEA = new ProductId("product-tea");
    private static final OrderId ORDER = new OrderId("order-1");
    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");
    private static final Quantity ONE = new Quantity(1);
    private static final Quantity STOCK = new Quantity(1_000_000);

    private final Serializer serializer = Serializers.json();

    @Test
    void a_product_comes_back_from_its_snapshot_as_it_was() {
        Product product = afterTurns(40);
        product.on(deducted(id(1_000), START.plusSeconds(1_000)));

        assertThat(restored(product)).usingRecursiveComparison().isEqualTo(product);
    }

    @Test
    void a_product_that_is_not_on_sale_comes_back_from_its_snapshot_as_it_was() {
        Product product = new Product();
        product.on(new StockDeductionVoided(TEA, id(1), ORDER, START));

        assertThat(restored(product)).usingRecursiveComparison().isEqualTo(product);
    }

    @Test
    void a_product_does_not_grow_with_what_is_over() {
        assertThat(size(afterTurns(20_000))).isCloseTo(size(afterTurns(2_000)), withPercentage(1));
    }

    @Test
    void a_product_does_not_grow_while_one_deduction_stays_open() {
        Product product = afterTurns(2_000);
        product.on(deducted(id(-1), START));
        long before = size(product);

        turns(product, 2_000, 10_000);

        assertThat(size(product)).isCloseTo(before, withPercentage(1));
    }

    /** Each turn takes a delivery, and ends one deduction in each way that a deduction can end. */
    private static Product afterTurns(int turns) {
        Product product = new Product();
        product.on(new ProductRegistered(TEA, new Name("Green tea"), Money.of(5_000, "KRW"), STOCK));
        turns(product, 0, turns);
        return product;
    }

    private static void turns(Product product, int from, int to) {
        for (int turn = from; turn < to; turn++) {
            Instant at = START.plusSeconds(turn);
            product.on(new StockAdded(TEA, new DeliveryId("delivery-%08d".formatted(turn)), ONE, STOCK));
            product.on(deducted(id(5 * turn), at));
            product.on(new DeductionsSettled(TEA, Set.of(id(5 * turn))));
            product.on(deducted(id(5 * turn + 1), at));
            product.on(new StockRestored(TEA, id(5 * turn + 1), ORDER, ONE, STOCK, at));
            product.on(refused(id(5 * turn + 2), RefusedBecause.OUT_OF_STOCK, at));
            product.on(new StockDeductionVoided(TEA, id(5 * turn + 3), ORDER, at));
            product.on(new StockDeductionVoided(TEA, id(5 * turn + 4), ORDER, at));
            product.on(refused(id(5 * turn + 4), RefusedBecause.VOIDED, at));
        }
    }

    private static StockDeducted deducted(PaymentId payment, Instant at) {
        return new StockDeducted(TEA, payment, ORDER, ONE, STOCK, at);
    }

    private static StockDeductionRefused refused(PaymentId payment, RefusedBecause reason, Instant at) {
        return new StockDeductionRefused(TEA, payment, ORDER, ONE, reason, at);
    }

    private static PaymentId id(int number) {
        return new PaymentId("payment-%08d".formatted(number));
    }

    private Product restored(Product product) {
        SerializedObject<String> snapshot = serializer.serialize(product, String.class);
        return serializer.deserialize(snapshot);
    }

    private long size(Product product) {
        return serializer.serialize(product, String.class).getData().length();
    }
}
