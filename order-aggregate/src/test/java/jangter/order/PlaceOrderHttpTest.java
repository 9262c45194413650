package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import jangter.coupon.api.Discount;
import jangter.kernel.CouponId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.order.api.OrderStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class PlaceOrderHttpTest extends OrderScene {

    private static final Discount.Fixed TWO_THOUSAND_OFF = new Discount.Fixed(won(2_000));

    @BeforeEach
    void shop() {
        sell();
    }

    @Test
    void an_order_is_placed_at_our_prices() {
        var answer = post(alice, "/orders", """
                {"lines":[{"productId":"%s","quantity":2},{"productId":"%s","quantity":1}]}""".formatted(tea, cup))
                .expectStatus().isCreated().expectBody(OrderDetails.class).returnResult();
        OrderDetails order = answer.getResponseBody();

        assertThat(answer.getResponseHeaders().getLocation()).hasToString("/orders/" + order.orderId());
        assertThat(order.status()).isEqualTo(OrderStatus.PENDING);
        assertThat(order.lines()).extracting(OrderDetails.PricedLine::productId).containsExactly(tea, cup);
        assertThat(order.lines()).extracting(line -> line.name().value()).containsExactly("product-tea", "product-cup");
        assertThat(order.lines()).extracting(OrderDetails.PricedLine::quantity).containsExactly(new Quantity(2), new Quantity(1));
        assertThat(order.lines()).extracting(OrderDetails.PricedLine::unitPrice).containsExactly(won(5_000), won(12_000));
        assertThat(order.discount()).isNull();
        assertThat(order.total()).isEqualTo(won(22_000));
        assertThat(order.payBy()).isCloseTo(clock.instant().plus(Duration.ofMinutes(30)), within(30, ChronoUnit.SECONDS));
        assertThat(shown(alice, order.orderId())).usingRecursiveComparison().ignoringFields("placedAt").isEqualTo(order);
    }

    @Test
    void a_coupon_takes_off_what_it_promises() {
        CouponId fixed = issue("fixed", alice, TWO_THOUSAND_OFF);
        CouponId percent = issue("percent", alice, new Discount.Percent(10, won(400)));
        CouponId large = issue("large", alice, new Discount.Fixed(won(1_000_000)));

        assertThat(placed(oneOf(tea, fixed))).extracting(OrderDetails::couponId, OrderDetails::discount, OrderDetails::total)
                .containsExactly(fixed, won(2_000), won(3_000));
        assertThat(placed(oneOf(tea, percent))).extracting(OrderDetails::discount, OrderDetails::total)
                .containsExactly(won(400), won(4_600));
        assertThat(placed(oneOf(tea, large))).extracting(OrderDetails::discount, OrderDetails::total).containsExactly(won(5_000), won(0));
    }

    @Test
    void an_order_keeps_the_price_of_the_moment_it_was_placed() {
        sell(Map.of(novelty, won(5_000)));
        OrderDetails before = placed(oneOf(novelty));
        changePrice(novelty, won(6_000));

        assertThat(shown(alice, before.orderId()).total()).isEqualTo(won(5_000));
        assertThat(placed(oneOf(novelty)).total()).isEqualTo(won(6_000));
    }

    @Test
    void an_order_may_have_a_hundred_lines() {
        List<ProductId> products = IntStream.range(0, 100).mapToObj(n -> new ProductId(novelty + "-" + n)).toList();
        sell(products.stream().collect(Collectors.toMap(product -> product, product -> won(10))));

        String body = lines(products.stream().collect(Collectors.toMap(product -> product, product -> 1)));
        assertThat(placed(body).total()).isEqualTo(won(1_000));
    }

    @Test
    void the_same_key_places_one_order_and_gives_the_same_answer() {
        OrderDetails first = placedUnder("key", oneOf(tea));
        OrderDetails second = placedUnder("key", oneOf(tea));

        assertThat(second).isEqualTo(first);
        assertThat(listed(alice, 1)).extracting(OrderSummary::orderId).containsExactly(first.orderId());
        post(alice, "/orders", oneOf(tea), "key").expectStatus().isCreated().expectHeader()
                .valueEquals("Location", "/orders/" + first.orderId());
    }

    @Test
    void the_same_key_sent_many_times_at_once_places_one_order() {
        List<OrderId> ids = Flux.range(0, 8).flatMap(n -> Flux.defer(() -> Flux.just(placedUnder("key", oneOf(tea)).orderId()))
                .subscribeOn(Schedulers.boundedElastic())).distinct().collectList().block(SOON);

        assertThat(ids).hasSize(1);
        assertThat(listed(alice, 1)).extracting(OrderSummary::orderId).containsExactlyElementsOf(ids);
    }

    @Test
    void the_same_key_with_another_body_is_refused() {
        placedUnder("key", oneOf(tea));
        refusedWithoutTrace(() -> post(alice, "/orders", oneOf(cup), "key"), 422, "idempotency-key-reused");
    }

    @Test
    void another_customers_key_is_another_key() {
        OrderDetails hers = placedUnder("key", oneOf(tea));
        OrderDetails his = post(bob, "/orders", oneOf(cup), "key").expectStatus().isCreated().expectBody(OrderDetails.class).returnResult()
                .getResponseBody();

        assertThat(his.orderId()).isNotEqualTo(hers.orderId());
    }

    @Test
    void a_repetition_finds_the_order_even_if_its_answer_is_lost_and_the_price_has_changed() {
        sell(Map.of(novelty, won(5_000)));
        OrderDetails first = placedUnder("key", oneOf(novelty));
        loseAnswers();
        assertThat(placedUnder("key", oneOf(novelty))).isEqualTo(first);

        loseAnswers();
        changePrice(novelty, won(6_000));
        assertThat(placedUnder("key", oneOf(novelty))).usingRecursiveComparison().ignoringFields("placedAt").isEqualTo(first);

        loseAnswers();
        refusedWithoutTrace(() -> post(alice, "/orders", oneOf(cup), "key"), 409, "order-exists");
    }

    @Test
    void a_coupon_must_be_ones_own_unused_and_good() {
        CouponId foreign = issue("foreign", bob, TWO_THOUSAND_OFF);
        CouponId used = issue("used", alice, TWO_THOUSAND_OFF);
        use(used, alice);
        CouponId old = issue("old", alice, TWO_THOUSAND_OFF);
        CouponId dollars = issue("dollars", alice, new Discount.Fixed(Money.of(5, "USD")));

        refusedWithoutTrace(() -> post(alice, "/orders", oneOf(tea, new CouponId("coupon-none"))), 422, "unknown-coupon");
        refusedWithoutTrace(() -> post(alice, "/orders", oneOf(tea, foreign)), 422, "unknown-coupon");
        refusedWithoutTrace(() -> post(alice, "/orders", oneOf(tea, used)), 422, "coupon-used");
        refusedWithoutTrace(() -> post(alice, "/orders", oneOf(tea, dollars)), 422, "currencies-differ");
        clock.forward(Duration.ofHours(1));
        refusedWithoutTrace(() -> post(alice, "/orders", oneOf(tea, old)), 422, "coupon-expired");
        assertThat(page(alice, "").items()).isEmpty();
    }

    @Test
    void products_of_two_currencies_cannot_be_in_one_order() {
        sell(Map.of(novelty, Money.of(450, "GBP")));

        refusedWithoutTrace(() -> post(alice, "/orders", """
                {"lines":[{"productId":"%s","quantity":1},{"productId":"%s","quantity":1}]}""".formatted(tea, novelty)),
                422, "currencies-differ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        // lines
        "no lines                  | 400 | invalid-value  | {`lines`:[]}",
        "lines missing             | 400 | invalid-value  | {}",
        "lines null                | 400 | invalid-value  | {`lines`:null}",
        "a line null               | 400 | invalid-value  | {`lines`:[null]}",
        "lines an object           | 400 | malformed      | {`lines`:{}}",
        "lines a string            | 400 | malformed      | {`lines`:`x`}",
        "a line a number           | 400 | malformed      | {`lines`:[1]}",
        "a product twice           | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`,`quantity`:1},{`productId`:`TEA`,`quantity`:2}]}",
        // products
        "unknown product           | 422 | unknown-product | {`lines`:[{`productId`:`product-none`,`quantity`:1}]}",
        "one of two unknown        | 422 | unknown-product | {`lines`:[{`productId`:`TEA`,`quantity`:1},{`productId`:`product-none`,`quantity`:1}]}",
        "product missing           | 400 | invalid-value  | {`lines`:[{`quantity`:1}]}",
        "product null              | 400 | invalid-value  | {`lines`:[{`productId`:null,`quantity`:1}]}",
        "no product id             | 400 | invalid-value  | {`lines`:[{`productId`:`tea`,`quantity`:1}]}",
        "product empty             | 400 | invalid-value  | {`lines`:[{`productId`:``,`quantity`:1}]}",
        "an operator for an id     | 400 | malformed      | {`lines`:[{`productId`:{`$ne`:null},`quantity`:1}]}",
        "product a number          | 400 | malformed      | {`lines`:[{`productId`:1,`quantity`:1}]}",
        // quantities
        "quantity zero             | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`,`quantity`:0}]}",
        "quantity negative         | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`,`quantity`:-1}]}",
        "quantity large            | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`,`quantity`:1000001}]}",
        "quantity larger           | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`,`quantity`:2147483647}]}",
        "quantity past int         | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:2147483648}]}",
        "quantity past any number  | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1e400}]}",
        "quantity a fraction       | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1.5}]}",
        "quantity a string         | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:`1`}]}",
        "quantity true             | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:true}]}",
        "quantity missing          | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`}]}",
        "quantity null             | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`,`quantity`:null}]}",
        // coupons
        "no coupon id              | 400 | invalid-value  | {`lines`:[{`productId`:`TEA`,`quantity`:1}],`couponId`:`ten`}",
        "coupon a list             | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1}],`couponId`:[]}",
        // what is not asked for
        "a price of one's own      | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1,`unitPrice`:{`amount`:1,`currency`:`KRW`}}]}",
        "a total of one's own      | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1}],`total`:{`amount`:1,`currency`:`KRW`}}",
        "lines twice               | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1}],`lines`:[{`productId`:`TEA`,`quantity`:2}]}",
        "quantity twice            | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1,`quantity`:2}]}",
        // what is no JSON, or another
        "cut off                   | 400 | malformed      | {`lines`:[{`productId`:`TEA`",
        "more after it             | 400 | malformed      | {`lines`:[{`productId`:`TEA`,`quantity`:1}]} x",
        "a list                    | 400 | malformed      | []",
        "null                      | 400 | malformed      | null",
        "text                      | 400 | malformed      | please",
    })
    void what_makes_no_sense_is_refused(String what, int status, String code, String body) {
        refusedWithoutTrace(() -> post(alice, "/orders", body.replace('`', '"').replace("TEA", tea.value())), status, code);
        assertThat(page(alice, "").items()).isEmpty();
    }

    @Test
    void nothing_at_all_is_refused() {
        refusedWithoutTrace(() -> as(alice, http.post().uri("/orders").contentType(MediaType.APPLICATION_JSON)).exchange(),
                400, "malformed");
    }

    @Test
    void more_than_a_hundred_lines_are_refused() {
        refusedWithoutTrace(() -> post(alice, "/orders", linesOf(101)), 400, "invalid-value");
    }

    @Test
    void a_million_lines_are_refused_before_they_are_read() {
        http = http.mutate().responseTimeout(SOON).build();
        Object before = events.createHeadToken();
        post(alice, "/orders", linesOf(1_000_000)).expectStatus().isEqualTo(413);
        assertThat(events.createHeadToken()).isEqualTo(before);
    }

    @Test
    void an_order_worth_more_than_any_sum_is_refused() {
        sell(Map.of(novelty, won(Money.MOST)));

        refusedWithoutTrace(() -> post(alice, "/orders", "{\"lines\":[{\"productId\":\"" + novelty + "\",\"quantity\":1000000}]}"), 400,
                "invalid-value");
        refusedWithoutTrace(() -> post(alice, "/orders", """
                {"lines":[{"productId":"%s","quantity":1},{"productId":"%s","quantity":1}]}""".formatted(tea, novelty)),
                400, "invalid-value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml"})
    void what_is_not_json_is_refused(String type) {
        as(alice, http.post().uri("/orders").contentType(MediaType.parseMediaType(type)).bodyValue(oneOf(tea))).exchange()
                .expectStatus().isEqualTo(415);
    }

    @Test
    void nobody_places_orders() {
        refused(http.post().uri("/orders").contentType(MediaType.APPLICATION_JSON).bodyValue(oneOf(tea)).exchange(), 401, "not-signed-in");
    }

    private OrderDetails placed(String body) {
        return post(alice, "/orders", body).expectStatus().isCreated().expectBody(OrderDetails.class).returnResult().getResponseBody();
    }

    private OrderDetails placedUnder(String key, String body) {
        return post(alice, "/orders", body, key).expectStatus().isCreated().expectBody(OrderDetails.class).returnResult().getResponseBody();
    }

    private void loseAnswers() {
        databases.of(OrderService.NAME).view("order-tests", "answers").clear();
    }

    private String linesOf(int count) {
        return "{\"lines\":[" + IntStream.range(0, count).mapToObj(n -> "{\"productId\":\"product-" + n + "\",\"quantity\":1}")
                .collect(Collectors.joining(",")) + "]}";
    }
}
