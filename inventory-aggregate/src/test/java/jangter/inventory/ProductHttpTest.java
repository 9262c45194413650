package jangter.inventory;

import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.inventory.ProductController.Delivery;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.inventory.api.InventoryEvent.PriceChanged;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.inventory.api.InventoryEvent.StockAdded;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import java.net.URI;
import java.util.List;
import org.axonframework.eventhandling.TrackingToken;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

class ProductHttpTest extends ProductScene {

    private static final String TEA = """
            {"name":"Green tea","price":{"amount":5000,"currency":"KRW"},"stock":10}""";

    private static ProductDetails created(ResponseSpec answer) {
        return answer.expectStatus().isCreated().expectBody(ProductDetails.class).returnResult().getResponseBody();
    }

    /** How many events there are in all. */
    private long told() {
        TrackingToken head = events.createHeadToken();
        return head == null ? 0 : head.position().orElseThrow();
    }

    @Nested
    class Registering {

        @Test
        void a_product_goes_on_sale_and_is_found_where_the_answer_says() {
            ResponseSpec answer = post("/products", TEA);
            String location = answer.returnResult(Void.class).getResponseHeaders().getLocation().toString();

            await().atMost(SOON).untilAsserted(() -> get(location).expectStatus().isOk().expectBody()
                    .jsonPath("$.name").isEqualTo("Green tea")
                    .jsonPath("$.price.amount").isEqualTo(5_000).jsonPath("$.price.currency").isEqualTo("KRW")
                    .jsonPath("$.stock").isEqualTo(10).jsonPath("$.productId").isEqualTo(location.substring("/products/".length())));
        }

        @Test
        void a_product_can_go_on_sale_without_a_piece_in_stock() {
            ProductDetails product = created(post("/products", TEA.replace("10", "0")));

            assertThat(told(product.productId())).first()
                    .isEqualTo(new ProductRegistered(product.productId(), new Name("Green tea"), won(5_000), new Quantity(0)));
        }

        @Test
        void two_registrations_without_a_key_are_two_products() {
            assertThat(created(post("/products", TEA)).productId()).isNotEqualTo(created(post("/products", TEA)).productId());
        }

        @Test
        void the_same_key_gives_the_same_answer_and_one_product() {
            ProductDetails first = created(post("/products", TEA, "key-1"));
            ProductDetails second = created(post("/products", TEA, "key-1"));

            assertThat(second).isEqualTo(first);
            assertThat(told(first.productId())).hasSize(1);
        }

        @Test
        void the_same_key_tells_the_same_location() {
            String first = post("/products", TEA, "key-1").returnResult(Void.class).getResponseHeaders().getFirst("Location");
            String second = post("/products", TEA, "key-1").returnResult(Void.class).getResponseHeaders().getFirst("Location");

            assertThat(second).isNotNull().isEqualTo(first);
        }

        @Test
        void the_same_key_under_another_product_is_refused() {
            ProductDetails first = created(post("/products", TEA, "key-1"));

            refused(post("/products", TEA.replace("Green", "Black"), "key-1"), 422, "idempotency-key-reused");
            assertThat(told(first.productId())).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"name\":\"\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":10}              | 400 | invalid-value",
            "{\"name\":\" Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":10}          | 400 | invalid-value",
            "{\"name\":\"Te\\u0000a\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":10}    | 400 | invalid-value",
            "{\"name\":\"Te\\ud800a\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":10}    | 400 | invalid-value",
            "{\"name\":null,\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":10}              | 400 | invalid-value",
            "{\"name\":5,\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":10}                 | 400 | malformed",
            "{\"name\":{\"value\":\"Tea\"},\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":1}| 400 | malformed",
            "{\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":10}                            | 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":0,\"currency\":\"KRW\"},\"stock\":10}              | 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":-1,\"currency\":\"KRW\"},\"stock\":10}             | 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":1000000000000001,\"currency\":\"KRW\"},\"stock\":1}| 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":1.5,\"currency\":\"KRW\"},\"stock\":10}            | 400 | malformed",
            "{\"name\":\"Tea\",\"price\":{\"amount\":\"5000\",\"currency\":\"KRW\"},\"stock\":10}       | 400 | malformed",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"USD\"},\"stock\":10}           | 422 | other-currency",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"???\"},\"stock\":10}           | 400 | malformed",
            "{\"name\":\"Tea\",\"price\":5000,\"stock\":10}                                             | 400 | malformed",
            "{\"name\":\"Tea\",\"stock\":10}                                                            | 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":-1}           | 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":1000000001}   | 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":99999999999}  | 400 | malformed",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":1.5}          | 400 | malformed",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":\"10\"}       | 400 | malformed",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":[10]}         | 400 | malformed",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"}}                        | 400 | invalid-value",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":1,\"stock\":2}| 400 | malformed",
            "{\"name\":\"Tea\",\"price\":{\"amount\":5000,\"currency\":\"KRW\"},\"stock\":1,\"id\":\"x\"}| 400 | malformed",
            "{\"name\":\"Tea\",\"price\":                                                               | 400 | malformed",
            "[]                                                                                         | 400 | malformed",
            "null                                                                                       | 400 | malformed",
            "``                                                                                         | 400 | malformed"})
        void bad_input_is_refused_and_changes_nothing(String body, int status, String code) {
            long before = told();

            refused(post("/products", body), status, code);
            refused(post("/products", body, "key-1"), status, code);

            assertThat(told()).isEqualTo(before);
        }

        @Test
        void only_staff_put_products_on_sale() {
            long before = told();

            refused(customer(HttpMethod.POST, "/products").bodyValue(TEA).exchange(), 403, "not-staff");
            refused(nobody(HttpMethod.POST, "/products").bodyValue(TEA).exchange(), 401, "not-signed-in");

            assertThat(told()).isEqualTo(before);
        }
    }

    @Nested
    class Pricing {

        private static final String WON_5_500 = """
                {"price":{"amount":5500,"currency":"KRW"}}""";

        private final String path = "/products/" + tea + "/price";

        @BeforeEach
        void sell() {
            register(tea, "Green tea", 10);
        }

        @Test
        void a_price_changes() {
            put(path, WON_5_500).expectStatus().isNoContent().expectBody().isEmpty();

            assertThat(told(tea)).last().isEqualTo(new PriceChanged(tea, won(5_500)));
            await().atMost(SOON).until(() -> shown(tea).price().equals(won(5_500)));
        }

        @Test
        void the_same_price_twice_changes_once() {
            put(path, WON_5_500).expectStatus().isNoContent();
            put(path, WON_5_500).expectStatus().isNoContent();

            assertThat(told(tea)).hasSize(2);
        }

        @Test
        void what_is_not_on_sale_has_no_price() {
            refused(put("/products/product-nowhere-" + test + "/price", WON_5_500), 404, "unknown-product");

            assertThat(told(product("nowhere"))).isEmpty();
        }

        @Test
        void a_product_that_is_priced_in_another_currency_than_the_shop_by_now_keeps_it() {
            send(new RegisterProduct(product("old"), new Name("Old"), Money.of(5, "USD"), new Quantity(1)));

            refused(put("/products/" + product("old") + "/price", WON_5_500), 422, "other-currency");
        }

        @ParameterizedTest
        @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
            "{\"price\":{\"amount\":0,\"currency\":\"KRW\"}};                       400; invalid-value",
            "{\"price\":{\"amount\":-5500,\"currency\":\"KRW\"}};                   400; invalid-value",
            "{\"price\":{\"amount\":1000000000000001,\"currency\":\"KRW\"}};        400; invalid-value",
            "{\"price\":{\"amount\":99999999999999999999,\"currency\":\"KRW\"}};    400; malformed",
            "{\"price\":{\"amount\":5500.5,\"currency\":\"KRW\"}};                  400; malformed",
            "{\"price\":{\"amount\":\"5500\",\"currency\":\"KRW\"}};                400; malformed",
            "{\"price\":{\"amount\":5500,\"currency\":\"USD\"}};                    422; other-currency",
            "{\"price\":{\"amount\":5500,\"currency\":\"KRW\"},\"stock\":5};        400; malformed",
            "{\"price\":{\"amount\":5500,\"currency\":\"KRW\"},\"price\":null};     400; malformed",
            "{\"amount\":5500,\"currency\":\"KRW\"};                                400; invalid-value",
            "{};                                                                    400; invalid-value",
            "5500;                                                                  400; malformed",
            "{\"price\";                                                            400; malformed"})
        void bad_input_is_refused_and_changes_nothing(String body, int status, String code) {
            refused(put(path, body), status, code);

            assertThat(told(tea)).hasSize(1);
        }

        @Test
        void only_staff_price_products() {
            refused(customer(HttpMethod.PUT, path).bodyValue(WON_5_500).exchange(), 403, "not-staff");
            refused(nobody(HttpMethod.PUT, path).bodyValue(WON_5_500).exchange(), 401, "not-signed-in");

            assertThat(told(tea)).hasSize(1);
        }
    }

    @Nested
    class Delivering {

        private static final String FIVE = """
                {"quantity":5}""";

        private final String path = "/products/" + tea + "/stock";

        @BeforeEach
        void sell() {
            register(tea, "Green tea", 10);
        }

        @Test
        void a_delivery_adds_to_the_stock() {
            Delivery delivery = delivered(post(path, FIVE));

            assertThat(delivery.quantity()).isEqualTo(new Quantity(5));
            assertThat(told(tea)).last().isEqualTo(new StockAdded(tea, delivery.deliveryId(), new Quantity(5), new Quantity(15)));
            awaitStock(tea, 15);
        }

        @Test
        void the_same_key_gives_the_same_answer_and_counts_once() {
            assertThat(delivered(post(path, FIVE, "key-1"))).isEqualTo(delivered(post(path, FIVE, "key-1")));

            assertThat(told(tea)).hasSize(2);
        }

        @Test
        void the_same_key_under_another_quantity_is_refused() {
            delivered(post(path, FIVE, "key-1"));

            refused(post(path, FIVE.replace("5", "6"), "key-1"), 422, "idempotency-key-reused");
            assertThat(told(tea)).hasSize(2);
        }

        @Test
        void a_full_stock_refuses() {
            refused(post(path, FIVE.replace("5", "1000000000")), 409, "stock-full");

            assertThat(told(tea)).hasSize(1);
        }

        @Test
        void what_is_not_on_sale_takes_no_delivery() {
            refused(post("/products/product-nowhere-" + test + "/stock", FIVE), 404, "unknown-product");

            assertThat(told(product("nowhere"))).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
            "{\"quantity\":0};                      400; invalid-value",
            "{\"quantity\":-5};                     400; invalid-value",
            "{\"quantity\":1000000001};             400; invalid-value",
            "{\"quantity\":2147483648};             400; malformed",
            "{\"quantity\":5.0};                    400; malformed",
            "{\"quantity\":\"5\"};                  400; malformed",
            "{\"quantity\":true};                   400; malformed",
            "{\"quantity\":{\"value\":5}};          400; malformed",
            "{\"quantity\":null};                   400; invalid-value",
            "{};                                    400; invalid-value",
            "{\"quantity\":5,\"quantity\":5};       400; malformed",
            "{\"quantity\":5,\"deliveryId\":\"x\"}; 400; malformed",
            "{\"quantity\":5}{};                    400; malformed",
            "5;                                     400; malformed",
            "``;                                    400; malformed"})
        void bad_input_is_refused_and_changes_nothing(String body, int status, String code) {
            refused(post(path, body), status, code);
            refused(post(path, body, "key-1"), status, code);

            assertThat(told(tea)).hasSize(1);
        }

        @Test
        void only_staff_take_deliveries() {
            refused(customer(HttpMethod.POST, path).bodyValue(FIVE).exchange(), 403, "not-staff");
            refused(nobody(HttpMethod.POST, path).bodyValue(FIVE).exchange(), 401, "not-signed-in");

            assertThat(told(tea)).hasSize(1);
        }

        private static Delivery delivered(ResponseSpec answer) {
            return answer.expectStatus().isCreated().expectBody(Delivery.class).returnResult().getResponseBody();
        }
    }

    @Nested
    class Showing {

        /** What a path may hold that is no product's id. */
        private static final List<String> HOSTILE = List.of("x", "product-", "order-1", "product-" + "a".repeat(65), "product-%20",
                "product-%00", "product-%2e%2e%2f", "%7B%22$gt%22:%22%22%7D", "product-%F0%9F%8D%B5", "Product-1", "product-1;v=2%3B",
                "null", "-1");
        private static final List<String> CODES = List.of("malformed", "invalid-value", "unknown-product", "not-found");

        @Test
        void what_is_not_on_sale_is_unknown() {
            refused(get("/products/product-nowhere-" + test), 404, "unknown-product");
        }

        @Test
        void a_malformed_id_is_refused_at_every_door() {
            for (String id : HOSTILE) {
                badId(http.get().uri(uri -> URI.create(uri.build() + "/products/" + id)).exchange());
                badId(hostile(HttpMethod.PUT, id, "/price", "{\"price\":{\"amount\":1,\"currency\":\"KRW\"}}"));
                badId(hostile(HttpMethod.POST, id, "/stock", "{\"quantity\":1}"));
            }
        }

        private ResponseSpec hostile(HttpMethod method, String id, String rest, String body) {
            return http.method(method).uri(uri -> URI.create(uri.build() + "/products/" + id + rest))
                    .headers(asStaff("carol"))
                    .header("Content-Type", "application/json").bodyValue(body).exchange();
        }

        private static void badId(ResponseSpec answer) {
            answer.expectStatus().value(status -> assertThat(status).isIn(400, 404))
                    .expectBody().jsonPath("$.code").value(String.class, code -> assertThat(code).isIn(CODES));
        }

        @Test
        void the_list_holds_what_is_on_sale() {
            register(tea, "Green tea", 10);

            assertThat(list("?size=100").items()).contains(new ProductDetails(tea, new Name("Green tea"), won(5_000), new Quantity(10)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "product-nowhere", "{$gt:1}", "Green tea"})
        void a_cursor_that_no_page_told_is_refused(String cursor) {
            refused(http.get().uri("/products?cursor={cursor}", cursor).exchange(), 400, "invalid-value");
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "-1", "101", "many"})
        void a_page_has_from_1_to_100_products(String size) {
            refused(get("/products?size=" + size), 400, "invalid-value");
        }
    }
}
