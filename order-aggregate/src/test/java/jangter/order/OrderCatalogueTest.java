package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.inventory.api.InventoryEvent.PriceChanged;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderCatalogueTest extends OrderScene {

    @Test
    void it_knows_what_a_product_is_called_and_costs() {
        batch(this::registered);
        assertThat(entry()).isEqualTo(new OrderCatalogue.Entry(new Name("Kettle"), won(40_000)));

        batch(() -> priced(35_000, 3));
        assertThat(entry()).isEqualTo(new OrderCatalogue.Entry(new Name("Kettle"), won(35_000)));
    }

    @Test
    void a_batch_that_comes_again_changes_nothing() {
        Runnable batch = () -> {
            registered();
            priced(35_000, 1);
            priced(38_000, 2);
        };
        batch(batch);
        batch(batch);
        assertThat(entry().price()).isEqualTo(won(38_000));

        batch(this::registered);
        batch(() -> priced(35_000, 1));
        assertThat(entry().price()).isEqualTo(won(38_000));
    }

    @Test
    void it_does_not_know_what_was_never_registered() {
        ProductId never = new ProductId("product-never");
        batch(this::registered);

        assertThat(catalogue.find(List.of(novelty, never)).block()).containsOnlyKeys(novelty);
        assertThat(catalogue.findSoon(List.of(novelty, never)).block()).containsOnlyKeys(novelty);
        assertThat(catalogue.find(List.of()).block()).isEqualTo(Map.of());
    }

    private void registered() {
        catalogue.on(new ProductRegistered(novelty, new Name("Kettle"), won(40_000), new Quantity(1)), 0);
    }

    private void priced(long won, long version) {
        catalogue.on(new PriceChanged(novelty, Money.of(won, "KRW")), version);
    }

    private OrderCatalogue.Entry entry() {
        return catalogue.find(List.of(novelty)).block().get(novelty);
    }
}
