package jangter.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.kernel.Name;
import jangter.kernel.Quantity;
import jangter.platform.http.Page;
import jangter.platform.messaging.ViewsAnew;
import jangter.platform.mongo.Rebuild;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.config.EventProcessingConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;

class ProductViewsTest extends ProductScene {

    @Autowired
    BeanFactory service;

    @Autowired
    EventProcessingConfiguration processing;

    @Test
    void a_product_shows_its_price_and_stock_as_they_are() {
        register(tea, "Green tea", 10);
        changePrice(tea, won(5_500));
        deliver(tea, "1", 5);
        deduct(tea, payment("first"), 4, REQUESTED);
        deduct(tea, payment("second"), 3, REQUESTED);
        restore(tea, payment("first"), REQUESTED);
        awaitStock(tea, 12);

        assertThat(shown(tea)).isEqualTo(new ProductDetails(tea, new Name("Green tea"), won(5_500), new Quantity(12)));
    }

    @Test
    void a_product_that_was_only_asked_for_is_not_on_sale() {
        deduct(tea, payment("first"), 4, REQUESTED);
        restore(tea, payment("second"), REQUESTED);

        refused(get("/products/" + tea), 404, "unknown-product");
    }

    @Test
    void the_list_runs_by_name_page_by_page_with_nothing_missing_and_nothing_twice() {
        register(product("c"), "~%d Cup".formatted(test), 1);
        register(product("b2"), "~%d Bowl".formatted(test), 1);
        register(product("b1"), "~%d Bowl".formatted(test), 1);
        register(product("a"), "~%d Apron".formatted(test), 1);

        List<ProductDetails> all = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Page<ProductDetails> page = list("?size=3" + cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(3);
            all.addAll(page.items());
            cursor = page.next() == null ? null : "&cursor=" + page.next();
        }

        assertThat(all).doesNotHaveDuplicates().filteredOn(product -> product.name().value().startsWith("~" + test + " "))
                .extracting(ProductDetails::productId).containsExactly(product("a"), product("b1"), product("b2"), product("c"));
    }

    @Test
    void events_that_come_again_change_nothing() {
        register(tea, "Green tea", 10);
        changePrice(tea, won(5_500));
        deduct(tea, payment("first"), 4, REQUESTED);
        restore(tea, payment("first"), REQUESTED);
        deduct(tea, payment("second"), 3, REQUESTED);
        awaitStock(tea, 7);

        past(tea).forEach(events::publish);
        deliver(tea, "1", 5);
        awaitStock(tea, 12);

        assertThat(shown(tea)).isEqualTo(new ProductDetails(tea, new Name("Green tea"), won(5_500), new Quantity(12)));
    }

    @Test
    void an_old_event_that_comes_alone_does_not_turn_the_price_back() {
        register(tea, "Green tea", 10);
        changePrice(tea, won(5_500));
        changePrice(tea, won(6_000));
        await().atMost(SOON).until(() -> shown(tea).price().equals(won(6_000)));

        events.publish(past(tea).get(1));
        deliver(tea, "1", 5);
        awaitStock(tea, 15);

        assertThat(shown(tea).price()).isEqualTo(won(6_000));
    }

    @Test
    void views_that_are_built_anew_tell_the_same() {
        register(tea, "Green tea", 10);
        deduct(tea, payment("first"), 4, REQUESTED);
        awaitStock(tea, 6);
        ProductDetails before = shown(tea);

        Rebuild rebuilt = ViewsAnew.build(service, ProductViews.GROUP);

        assertThat(rebuilt.differences()).isEmpty();
        assertThat(list("?size=100").items()).contains(before);
    }
}
