package jangter.inventory;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.kernel.Name;
import jangter.kernel.ProductId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Each test lives in days of its own, so that none counts another's sales. */
class PopularProductsTest extends ProductScene {

    @Autowired
    PopularProducts popular;

    private Instant now;

    @BeforeEach
    void goToDaysOfItsOwn() {
        clock.forward(Duration.ofDays(100L * test));
        // ten past an hour, so that none ends within the test
        clock.forward(Duration.between(clock.instant(), clock.instant().truncatedTo(HOURS).plus(70, MINUTES)));
        now = clock.instant();
    }

    @Test
    void the_five_that_sold_most_come_best_first() {
        for (int n = 1; n <= 7; n++) {
            ProductId product = product("p" + n);
            register(product, "Product " + n, 100);
            deduct(product, payment("p" + n), 10 * n, now);
        }
        awaitStock(product("p7"), 30);

        await().atMost(SOON).untilAsserted(() -> assertThat(best()).extracting(PopularProduct::productId)
                .containsExactly(product("p7"), product("p6"), product("p5"), product("p4"), product("p3")));
        assertThat(best().get(0)).isEqualTo(new PopularProduct(product("p7"), new Name("Product 7"), won(5_000), 70));
    }

    @Test
    void sales_of_three_days_are_added_up_and_older_ones_are_not() {
        register(tea, "Green tea", 100);
        deduct(tea, payment("long-ago"), 1, now.minus(72, HOURS));
        deduct(tea, payment("just-in-time"), 2, now.minus(71, HOURS));
        deduct(tea, payment("a-day-ago"), 4, now.minus(1, DAYS));
        deduct(tea, payment("now"), 8, now);
        awaitStock(tea, 85);

        await().atMost(SOON).untilAsserted(() -> assertThat(sold(tea)).isEqualTo(14));
    }

    @Test
    void what_is_restored_comes_off_the_hour_in_which_it_was_sold() {
        register(tea, "Green tea", 100);
        deduct(tea, payment("long-ago"), 50, now.minus(72, HOURS));
        deduct(tea, payment("first"), 7, now);
        deduct(tea, payment("second"), 3, now);
        restore(tea, payment("long-ago"), now.minus(72, HOURS));
        restore(tea, payment("second"), now);
        awaitStock(tea, 93);

        await().atMost(SOON).untilAsserted(() -> assertThat(sold(tea)).isEqualTo(7));
    }

    @Test
    void what_was_wholly_restored_is_not_popular() {
        register(tea, "Green tea", 100);
        deduct(tea, payment("first"), 7, now);
        restore(tea, payment("first"), now);
        ProductId cup = product("cup");
        register(cup, "Cup", 100);
        deduct(cup, payment("second"), 1, now);

        await().atMost(SOON).untilAsserted(() -> assertThat(best()).extracting(PopularProduct::productId).containsExactly(cup));
    }

    @Test
    void what_was_refused_is_not_sold() {
        register(tea, "Green tea", 5);
        deduct(tea, payment("first"), 6, now);
        deduct(tea, payment("second"), 5, now);

        await().atMost(SOON).untilAsserted(() -> assertThat(sold(tea)).isEqualTo(5));
    }

    @Test
    void events_that_come_again_are_counted_once() {
        register(tea, "Green tea", 100);
        deduct(tea, payment("an-hour-ago"), 1, now.minus(1, HOURS));
        deduct(tea, payment("first"), 7, now);
        restore(tea, payment("first"), now);
        deduct(tea, payment("second"), 3, now);
        awaitStock(tea, 96);

        past(tea).forEach(events::publish);
        past(tea).subList(2, 5).forEach(events::publish);
        deduct(tea, payment("third"), 10, now);
        awaitStock(tea, 86);

        await().atMost(SOON).untilAsserted(() -> assertThat(sold(tea)).isEqualTo(14));
    }

    @Test
    void many_products_that_sell_in_the_same_hour_are_all_counted() {
        List<ProductId> products = IntStream.range(0, 8).mapToObj(n -> product("p" + n)).toList();
        products.forEach(product -> register(product, "Product", 1_000));
        for (int round = 0; round < 5; round++) {
            for (ProductId product : products) {
                deduct(product, payment(product.value() + round), 1, now);
            }
        }
        // those that would be in the list are sold on until each has been there
        for (ProductId product : products) {
            deduct(product, payment(product.value() + "-more"), 900, now);
            await().atMost(SOON).untilAsserted(() -> assertThat(best()).first()
                    .extracting(PopularProduct::productId, PopularProduct::sold).containsExactly(product, 905L));
            restore(product, payment(product.value() + "-more"), now);
        }
    }

    @Test
    void the_shop_shows_what_is_popular() {
        register(tea, "Green tea", 100);
        deduct(tea, payment("first"), 7, now);

        await().atMost(SOON).untilAsserted(() -> get("/products/popular").expectStatus().isOk().expectBody()
                .jsonPath("$.items.length()").isEqualTo(1)
                .jsonPath("$.items[0].productId").isEqualTo(tea.value())
                .jsonPath("$.items[0].name").isEqualTo("Green tea")
                .jsonPath("$.items[0].price.amount").isEqualTo(5_000)
                .jsonPath("$.items[0].sold").isEqualTo(7)
                .jsonPath("$.next").isEqualTo(null));
    }

    private List<PopularProduct> best() {
        return popular.count().block();
    }

    private long sold(ProductId product) {
        return best().stream().filter(one -> one.productId().equals(product)).mapToLong(PopularProduct::sold).sum();
    }
}
