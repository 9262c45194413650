package jangter.coupon;

import static jangter.platform.Tokens.as;
import static jangter.platform.Tokens.asStaff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import jangter.platform.MovableClock;
import jangter.platform.ServiceTest;
import jangter.platform.Tokens;
import jangter.platform.mongo.Databases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

@ServiceTest(CouponService.class)
class CampaignHttpTest {

    private static final String OPEN = """
            {"opensAt":"2020-01-01T00:00:00Z","closesAt":"2100-01-01T00:00:00Z"}""";
    private static final String OVER = """
            {"opensAt":"2020-01-01T00:00:00Z","closesAt":"2021-01-01T00:00:00Z"}""";
    private static final String TO_COME = """
            {"opensAt":"2099-01-01T00:00:00Z","closesAt":"2100-01-01T00:00:00Z"}""";
    private static final String TEN_PERCENT = """
            {"kind":"percent","percent":10,"cap":{"amount":3000,"currency":"KRW"}}""";
    private static final String FIXED = """
            {"kind":"fixed","amount":{"amount":1000,"currency":"KRW"}}""";

    @Autowired
    private WebTestClient http;

    @Autowired
    private MovableClock clock;

    @Autowired
    private MongoClient mongo;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void staff_launch_a_campaign_and_anyone_sees_it() {
        String id = launched(campaign("First snow", TEN_PERCENT, 100, OPEN));

        http.get().uri("/campaigns/" + id).exchange().expectStatus().isOk().expectBody().json("""
                {"campaignId":"%s","name":"First snow","discount":%s,"quantity":100,"remaining":100,"window":%s,"validFor":"PT720H"}"""
                .formatted(id, TEN_PERCENT, OPEN));
    }

    @Test
    void a_fixed_discount_is_shown_as_one() {
        String id = launched(campaign("Fixed", FIXED, 1, OPEN));

        http.get().uri("/campaigns/" + id).exchange().expectStatus().isOk().expectBody().jsonPath("$.discount").isEqualTo(
                Map.of("kind", "fixed", "amount", Map.of("amount", 1000, "currency", "KRW")));
    }

    @Test
    void launching_tells_where_the_campaign_is() {
        launch(campaign("Where", FIXED, 7, OPEN), null).expectStatus().isCreated()
                .expectHeader().valueMatches(HttpHeaders.LOCATION, "/campaigns/campaign-[0-9a-f-]{36}")
                .expectBody().jsonPath("$.name").isEqualTo("Where").jsonPath("$.remaining").isEqualTo(7);
    }

    @Test
    void launching_again_under_the_same_key_launches_one_campaign() {
        String body = campaign("Once", FIXED, 7, OPEN);

        String first = location(launch(body, "launch-once"));
        String second = location(launch(body, "launch-once"));

        assertThat(second).isEqualTo(first);
        await().untilAsserted(() -> assertThat(names()).containsOnlyOnce("Once"));
    }

    @Test
    void launching_another_campaign_under_the_same_key_is_refused() {
        launch(campaign("Reused", FIXED, 7, OPEN), "launch-reused").expectStatus().isCreated();

        refused(launch(campaign("Reused too", FIXED, 7, OPEN), "launch-reused"), 422, "idempotency-key-reused");
    }

    @Test
    void what_is_out_of_bounds_does_not_use_up_its_key() {
        launch(campaign("Mended", FIXED, 0, OPEN), "launch-mended").expectStatus().isBadRequest();

        launch(campaign("Mended", FIXED, 1, OPEN), "launch-mended").expectStatus().isCreated();
    }

    @Test
    void only_staff_launch_campaigns() {
        String body = campaign("Not mine", FIXED, 7, OPEN);

        refused(http.post().uri("/campaigns").headers(as("alice")).contentType(MediaType.APPLICATION_JSON).bodyValue(body)
                .exchange(), 403, "not-staff");
        refused(http.post().uri("/campaigns").contentType(MediaType.APPLICATION_JSON).bodyValue(body).exchange(), 401, "not-signed-in");
        assertThat(names()).doesNotContain("Not mine");
    }

    @Test
    void the_shop_has_one_currency() {
        refused(launch(campaign("Dollars", FIXED.replace("KRW", "USD"), 7, OPEN), null), 422, "other-currency");
        refused(launch(campaign("Dollars", TEN_PERCENT.replace("KRW", "USD"), 7, OPEN), null), 422, "other-currency");
        assertThat(names()).doesNotContain("Dollars");
    }

    static Stream<Arguments> badCampaigns() {
        String good = campaign("Bad", TEN_PERCENT, 100, OPEN);
        return Stream.of(
                bad("no coupons", "invalid-value", good.replace("\"quantity\":100", "\"quantity\":0")),
                bad("fewer than none", "invalid-value", good.replace("\"quantity\":100", "\"quantity\":-1")),
                bad("more than a campaign remembers", "invalid-value", good.replace("\"quantity\":100", "\"quantity\":20001")),
                bad("more than a number holds", "malformed", good.replace("\"quantity\":100", "\"quantity\":99999999999")),
                bad("half a coupon", "malformed", good.replace("\"quantity\":100", "\"quantity\":1.5")),
                bad("a quantity in letters", "malformed", good.replace("\"quantity\":100", "\"quantity\":\"100\"")),
                bad("a quantity that is a thing", "malformed", good.replace("\"quantity\":100", "\"quantity\":{}")),
                bad("a quantity of null", "invalid-value", good.replace("\"quantity\":100", "\"quantity\":null")),
                bad("no quantity", "invalid-value", good.replace("\"quantity\":100,", "")),
                bad("nothing off", "invalid-value", good.replace("\"percent\":10", "\"percent\":0")),
                bad("more than everything off", "invalid-value", good.replace("\"percent\":10", "\"percent\":101")),
                bad("less than nothing off", "invalid-value", good.replace("\"percent\":10", "\"percent\":-10")),
                bad("half a percent", "malformed", good.replace("\"percent\":10", "\"percent\":0.5")),
                bad("no percent", "malformed", good.replace("\"percent\":10,", "")),
                bad("no cap", "invalid-value", good.replace(",\"cap\":{\"amount\":3000,\"currency\":\"KRW\"}", "")),
                bad("a cap of nothing", "invalid-value", good.replace("3000", "0")),
                bad("a negative cap", "invalid-value", good.replace("3000", "-3000")),
                bad("a huge cap", "invalid-value", good.replace("3000", "1000000000000001")),
                bad("a cap past all numbers", "malformed", good.replace("3000", "99999999999999999999")),
                bad("a currency that is none", "malformed", good.replace("KRW", "XYZW")),
                bad("a fixed discount of nothing", "invalid-value", campaign("Bad", FIXED.replace("1000", "0"), 100, OPEN)),
                bad("a negative fixed discount", "invalid-value", campaign("Bad", FIXED.replace("1000", "-1"), 100, OPEN)),
                bad("a huge fixed discount", "invalid-value", campaign("Bad", FIXED.replace("1000", "9999999999999999"), 100, OPEN)),
                bad("an unknown kind of discount", "malformed", good.replace("\"percent\",", "\"surprise\",")),
                bad("no kind of discount", "malformed", good.replace("\"kind\":\"percent\",", "")),
                bad("a fixed discount with a percentage", "invalid-value", good.replace("\"kind\":\"percent\"", "\"kind\":\"fixed\"")),
                bad("a discount that is a class", "malformed", good.replace("\"kind\":\"percent\"", "\"kind\":\"java.lang.String\"")),
                bad("no discount", "invalid-value", good.replace("\"discount\":" + TEN_PERCENT + ",", "")),
                bad("a discount of null", "invalid-value", good.replace(TEN_PERCENT, "null")),
                bad("a discount that is a number", "malformed", good.replace(TEN_PERCENT, "10")),
                bad("a window that closes before it opens", "invalid-value",
                        good.replace("2100-01-01", "2019-01-01")),
                bad("a window that never opens", "invalid-value", good.replace("\"opensAt\":\"2020-01-01T00:00:00Z\",", "")),
                bad("no window", "invalid-value", good.replace("\"window\":" + OPEN + ",", "")),
                bad("a window from yesterday", "malformed", good.replace("2020-01-01T00:00:00Z", "yesterday")),
                bad("a window without a time", "malformed", good.replace("2020-01-01T00:00:00Z", "2020-01-01")),
                bad("a window from a number", "malformed", good.replace("\"2020-01-01T00:00:00Z\"", "1577836800")),
                bad("a window past all dates", "invalid-value", good.replace("2100-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z")),
                bad("good for no time", "invalid-value", good.replace("P30D", "PT0S")),
                bad("good for less than no time", "invalid-value", good.replace("P30D", "-P30D")),
                bad("good for ever", "invalid-value", good.replace("P30D", "P100000D")),
                bad("good for a month", "malformed", good.replace("P30D", "P1M")),
                bad("good for a number", "malformed", good.replace("\"P30D\"", "30")),
                bad("good for null", "invalid-value", good.replace("\"P30D\"", "null")),
                bad("no name", "invalid-value", good.replace("\"name\":\"Bad\",", "")),
                bad("an empty name", "invalid-value", good.replace("\"Bad\"", "\"\"")),
                bad("a blank name", "invalid-value", good.replace("\"Bad\"", "\" \"")),
                bad("a name with a line break", "invalid-value", good.replace("\"Bad\"", "\"Bad\\n\"")),
                bad("a name that is a number", "malformed", good.replace("\"Bad\"", "7")),
                bad("a name that is a list", "malformed", good.replace("\"Bad\"", "[\"Bad\"]")),
                bad("a long name", "invalid-value", good.replace("\"Bad\"", "\"" + "B".repeat(101) + "\"")),
                bad("an unknown field", "malformed", good.replace("{\"name\"", "{\"color\":\"red\",\"name\"")),
                bad("an unknown field within", "malformed", good.replace("\"percent\":10", "\"percent\":10,\"color\":\"red\"")),
                bad("an id of one's own", "malformed", good.replace("{\"name\"", "{\"campaignId\":\"campaign-1\",\"name\"")),
                bad("a field twice", "malformed", good.replace("{\"name\"", "{\"quantity\":1,\"name\"")),
                bad("a field twice within", "malformed", good.replace("\"percent\":10", "\"percent\":10,\"percent\":20")),
                bad("half a body", "malformed", good.substring(0, good.length() - 1)),
                bad("more than a body", "malformed", good + "{}"),
                bad("a list", "malformed", "[" + good + "]"),
                bad("a word", "malformed", "campaign"),
                bad("null", "malformed", "null"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCampaigns")
    void a_bad_campaign_is_refused(String what, String code, String body) {
        refused(launch(body, null), 400, code);
        assertThat(names()).doesNotContain("Bad");
    }

    @Test
    void what_is_no_json_or_too_much_of_it_is_refused() {
        refused(http.post().uri("/campaigns").headers(asStaff("sam"))
                .contentType(MediaType.TEXT_PLAIN).bodyValue("hello").exchange(), 415, "unsupported-media-type");
        refused(launch("", null), 400, "malformed");
        refused(launch(campaign("B".repeat(1_000_000), FIXED, 1, OPEN), null), 413, "content-too-large");
    }

    @Test
    void campaigns_are_listed_newest_first_page_by_page() {
        List<String> launched = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clock.forward(Duration.ofSeconds(1));
            launched.add(0, launched(campaign("Paged " + i, FIXED, 7, OPEN)));
        }
        await().untilAsserted(() -> assertThat(names()).contains("Paged 4"));

        Page first = page("/campaigns?size=2", null);
        Page second = page("/campaigns?size=2&cursor={cursor}", first.next);

        assertThat(first.ids("campaignId")).containsExactlyElementsOf(launched.subList(0, 2));
        assertThat(second.ids("campaignId")).containsExactlyElementsOf(launched.subList(2, 4));
        assertThat(second.next).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/campaigns?size=0", "/campaigns?size=101", "/campaigns?size=-1", "/campaigns?size=x", "/campaigns?cursor=x",
        "/campaigns?cursor=", "/campaigns?cursor=2026-13-01T00:00:00Z_campaign-1", "/coupons/me?cursor=x", "/coupons/me?size=0"})
    void a_bad_page_is_refused(String uri) {
        refused(http.get().uri(uri).headers(as("alice")).exchange(), 400, "invalid-value");
    }

    @Test
    void the_first_to_come_get_a_coupon_and_the_rest_are_told_that_they_are_gone() {
        String id = launched(campaign("Two", TEN_PERCENT, 2, OPEN));

        for (String customer : List.of("two-alice", "two-bob")) {
            come(id, customer, null).expectStatus().isCreated().expectBody()
                    .jsonPath("$.couponId").value(String.class, coupon -> assertThat(coupon).startsWith("coupon-"))
                    .jsonPath("$.expiresAt").isNotEmpty();
        }
        refused(come(id, "two-carol", null), 409, "sold-out");

        await().untilAsserted(() -> http.get().uri("/campaigns/" + id).exchange().expectBody().jsonPath("$.remaining").isEqualTo(0));
        assertThat(page("/coupons/me", "two-carol", null).items).isEmpty();
    }

    @Test
    void that_a_campaign_is_over_may_be_known_by_anyone_but_for_all_else_it_is_looked_at_who_comes() {
        String id = launched(campaign("Over at the door", TEN_PERCENT, 1, OPEN));
        come(id, "door-alice", null).expectStatus().isCreated();
        refused(come(id, "door-bob", null), 409, "sold-out");

        refused(comeWith(id, forged("door-carol")), 409, "sold-out");
        refused(comeWith(id, forged("door-alice")), 401, "bad-token");
        refused(comeWith(id, "nonsense"), 401, "bad-token");
        refused(http.post().uri("/campaigns/" + id + "/coupons").exchange(), 401, "not-signed-in");
        refused(http.post().uri("/campaigns/" + id + "/coupons").header("Idempotency-Key", "door")
                .headers(headers -> headers.setBearerAuth(forged("door-carol"))).exchange(), 401, "bad-token");
        refused(come(id, "door-alice", null), 409, "already-issued");
    }

    @Test
    void a_customer_gets_one_coupon_of_a_campaign() {
        String id = launched(campaign("One each", TEN_PERCENT, 2, OPEN));
        come(id, "each-alice", null).expectStatus().isCreated();

        refused(come(id, "each-alice", null), 409, "already-issued");
        refused(come(id, "each-alice", "another-key"), 409, "already-issued");
    }

    @Test
    void coming_again_under_the_same_key_gets_the_same_coupon() {
        String id = launched(campaign("Again", TEN_PERCENT, 2, OPEN));

        byte[] first = come(id, "again-alice", "come").expectStatus().isCreated().expectBody().returnResult().getResponseBody();
        byte[] second = come(id, "again-alice", "come").expectStatus().isCreated().expectBody().returnResult().getResponseBody();

        assertThat(second).isEqualTo(first);
        come(id, "again-bob", "come").expectStatus().isCreated();
        refused(come(id, "again-carol", "come"), 409, "sold-out");
    }

    @Test
    void coming_again_when_the_first_answer_was_lost_gets_the_same_coupon() {
        String id = launched(campaign("Lost", TEN_PERCENT, 1, OPEN));
        String first = couponOf(come(id, "lost-alice", "come"));
        mongo.getDatabase(Databases.databaseName(CouponService.NAME)).getCollection("answers").deleteMany(new Document());

        assertThat(couponOf(come(id, "lost-alice", "come"))).isEqualTo(first);
    }

    @Test
    void no_coupons_are_given_before_the_campaign_opens_nor_after_it_closes() {
        refused(come(launched(campaign("To come", TEN_PERCENT, 2, TO_COME)), "alice", null), 409, "campaign-not-open");
        refused(come(launched(campaign("Over", TEN_PERCENT, 2, OVER)), "alice", null), 409, "campaign-not-open");
    }

    @Test
    void an_unknown_campaign_is_not_found() {
        refused(come("campaign-unknown", "alice", null), 404, "unknown-campaign");
        refused(http.get().uri("/campaigns/campaign-unknown").exchange(), 404, "unknown-campaign");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "order-7", "campaign-", "campaign-%20", "campaign-$ne", "campaign-é", "campaign-..%2f"})
    void what_is_no_campaign_id_is_refused(String id) {
        assertThat(http.get().uri("/campaigns/" + id).exchange().returnResult(String.class).getStatus().value()).isIn(400, 404);
        assertThat(come(id, "alice", null).returnResult(String.class).getStatus().value()).isIn(400, 404);
    }

    @Test
    void who_comes_for_a_coupon_is_signed_in() {
        String id = launched(campaign("Who", TEN_PERCENT, 2, OPEN));

        refused(http.post().uri("/campaigns/" + id + "/coupons").exchange(), 401, "not-signed-in");
        refused(http.get().uri("/coupons/me").exchange(), 401, "not-signed-in");
    }

    @Test
    void every_path_is_described() {
        http.get().uri("/openapi").exchange().expectStatus().isOk().expectBody()
                .jsonPath("$.paths['/campaigns'].get.summary").isNotEmpty()
                .jsonPath("$.paths['/campaigns'].get.parameters[*].name").value(names -> assertThat(names).asList().contains("size", "cursor"))
                .jsonPath("$.paths['/campaigns'].post.summary").isNotEmpty()
                .jsonPath("$.paths['/campaigns'].post.parameters[*].name").isEqualTo("Idempotency-Key")
                .jsonPath("$.paths['/campaigns'].post.responses['201']").isNotEmpty()
                .jsonPath("$.paths['/campaigns/{id}'].get.summary").isNotEmpty()
                .jsonPath("$.paths['/campaigns/{id}/coupons'].post.summary").isNotEmpty()
                .jsonPath("$.paths['/campaigns/{id}/coupons'].post.responses['201']").isNotEmpty()
                .jsonPath("$.paths['/coupons/me'].get.summary").isNotEmpty()
                .jsonPath("$.components.schemas.Fixed.allOf[1].properties.amount.properties.currency.type").isEqualTo("string");
    }

    private static String campaign(String name, String discount, int quantity, String window) {
        return """
                {"name":"%s","discount":%s,"quantity":%d,"window":%s,"validFor":"P30D"}""".formatted(name, discount, quantity, window);
    }

    private static Arguments bad(String what, String code, String body) {
        return Arguments.of(what, code, body);
    }

    private ResponseSpec launch(String body, @Nullable String key) {
        var request = http.post().uri("/campaigns").headers(asStaff("sam"))
                .contentType(MediaType.APPLICATION_JSON);
        return (key == null ? request : request.header("Idempotency-Key", key)).bodyValue(body).exchange();
    }

    private static String forged(String customer) {
        return Tokens.signed(Tokens.newKey("tests"), Tokens.claims(customer).build());
    }

    private ResponseSpec comeWith(String campaign, String token) {
        return http.post().uri("/campaigns/" + campaign + "/coupons").headers(headers -> headers.setBearerAuth(token)).exchange();
    }

    private ResponseSpec come(String campaign, String customer, @Nullable String key) {
        var request = http.post().uri("/campaigns/" + campaign + "/coupons").headers(as(customer));
        return (key == null ? request : request.header("Idempotency-Key", key)).exchange();
    }

    private String launched(String body) {
        return location(launch(body, null)).substring("/campaigns/".length());
    }

    private static String location(ResponseSpec launched) {
        return launched.expectStatus().isCreated().expectBody().returnResult().getResponseHeaders().getFirst(HttpHeaders.LOCATION);
    }

    private static String couponOf(ResponseSpec issued) {
        return issued.expectStatus().isCreated().expectBody(IssuedCoupon.class).returnResult().getResponseBody().couponId().value();
    }

    private static void refused(ResponseSpec answer, int status, String code) {
        answer.expectStatus().isEqualTo(status).expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody().jsonPath("$.code").isEqualTo(code);
    }

    private List<String> names() {
        return page("/campaigns?size=100", null).ids("name");
    }

    private Page page(String uri, @Nullable String cursor) {
        return page(uri, "alice", cursor);
    }

    private Page page(String uri, String customer, @Nullable String cursor) {
        return http.get().uri(uri, cursor == null ? new Object[0] : new Object[] {cursor}).headers(as(customer)).exchange()
                .expectStatus().isOk().expectBody(Page.class).returnResult().getResponseBody();
    }

    private record Page(List<Map<String, Object>> items, @Nullable String next) {

        List<String> ids(String field) {
            return items.stream().map(item -> (String) item.get(field)).toList();
        }
    }
}
