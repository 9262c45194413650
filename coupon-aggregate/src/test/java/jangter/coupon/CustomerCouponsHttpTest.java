package jangter.coupon;

import static jangter.coupon.Samples.CAMPAIGN_NAME;
import static jangter.coupon.Samples.TEN_PERCENT;
import static jangter.coupon.Samples.THIRTY_DAYS;
import static jangter.coupon.Samples.won;
import static jangter.platform.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponCommand.RestoreCoupon;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.Quantity;
import jangter.platform.MovableClock;
import jangter.platform.ServiceTest;
import jangter.platform.messaging.Commands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;

/** Each test is of another customer. */
@ServiceTest(CouponService.class)
class CustomerCouponsHttpTest {

    private static final Window OPEN = new Window(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"));
    private static final OrderId ORDER = new OrderId("order-1");
    private static final PaymentId PAYMENT = new PaymentId("payment-1");
    private static final Instant ASKED = Instant.parse("2026-11-01T12:01:00Z");

    @Autowired
    private WebTestClient http;

    @Autowired
    private Commands commands;

    @Autowired
    private MovableClock clock;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void who_has_no_coupons_sees_none() {
        couponsOf("nobody").jsonPath("$.items.length()").isEqualTo(0).jsonPath("$.next").isEmpty();
    }

    @Test
    void a_customer_sees_what_a_coupon_takes_off_and_how_long_it_is_good() {
        issue("seer", "campaign-seen", "coupon-seen");

        eventually("seer", coupons -> coupons.json("""
                {"items":[{"couponId":"coupon-seen","campaignId":"campaign-seen","campaignName":"First snow","status":"USABLE",
                  "discount":{"kind":"percent","percent":10,"cap":{"amount":3000,"currency":"KRW"}}}]}""")
                .jsonPath("$.items[0].issuedAt").isNotEmpty()
                .jsonPath("$.items[0].expiresAt").value(String.class, expires -> assertThat(Instant.parse(expires))
                        .isBetween(clock.instant().plus(THIRTY_DAYS).minusSeconds(60), clock.instant().plus(THIRTY_DAYS)))
                .jsonPath("$.items[0].orderId").isEmpty());
    }

    @Test
    void a_customer_sees_no_ones_coupons_but_their_own() {
        issue("owner", "campaign-owned", "coupon-owned");
        eventually("owner", coupons -> coupons.jsonPath("$.items.length()").isEqualTo(1));

        couponsOf("onlooker").jsonPath("$.items.length()").isEqualTo(0);
    }

    @Test
    void a_coupon_is_used_and_restored() {
        issue("user", "campaign-used", "coupon-used");
        CouponId coupon = new CouponId("coupon-used");

        use(coupon, "user");
        eventually("user", coupons -> coupons.jsonPath("$.items[0].status").isEqualTo("USED")
                .jsonPath("$.items[0].orderId").isEqualTo("order-1"));

        commands.send(new RestoreCoupon(coupon, PAYMENT, ORDER, ASKED)).block();
        eventually("user", coupons -> coupons.jsonPath("$.items[0].status").isEqualTo("USABLE").jsonPath("$.items[0].orderId").isEmpty());
    }

    @Test
    void a_coupon_expires_without_anything_happening_to_it() {
        issue("late", "campaign-late", "coupon-late");
        eventually("late", coupons -> coupons.jsonPath("$.items[0].status").isEqualTo("USABLE"));

        clock.forward(THIRTY_DAYS);

        couponsOf("late").jsonPath("$.items[0].status").isEqualTo("EXPIRED");
    }

    @Test
    void what_was_used_stays_used_when_its_time_is_over() {
        issue("early", "campaign-early", "coupon-early");
        use(new CouponId("coupon-early"), "early");
        eventually("early", coupons -> coupons.jsonPath("$.items[0].status").isEqualTo("USED"));

        clock.forward(THIRTY_DAYS);

        couponsOf("early").jsonPath("$.items[0].status").isEqualTo("USED");
    }

    @Test
    void coupons_are_listed_newest_first_page_by_page() {
        for (int i = 1; i <= 5; i++) {
            clock.forward(Duration.ofSeconds(1));
            issue("pager", "campaign-paged-" + i, "coupon-paged-" + i);
        }
        eventually("pager", coupons -> coupons.jsonPath("$.items.length()").isEqualTo(5));

        List<List<String>> pages = new ArrayList<>();
        String cursor = null;
        do {
            Page page = page("pager", 2, cursor);
            pages.add(page.items.stream().map(Item::couponId).toList());
            cursor = page.next;
        } while (cursor != null);

        assertThat(pages).containsExactly(List.of("coupon-paged-5", "coupon-paged-4"), List.of("coupon-paged-3", "coupon-paged-2"),
                List.of("coupon-paged-1"));
    }

    private void issue(String customer, String campaign, String coupon) {
        CampaignId id = new CampaignId(campaign);
        commands.send(new LaunchCampaign(id, CAMPAIGN_NAME, TEN_PERCENT, new Quantity(1), OPEN, THIRTY_DAYS)).block();
        commands.send(new IssueCoupon(id, new CouponId(coupon), new CustomerId(customer))).block();
    }

    private void use(CouponId coupon, String customer) {
        commands.send(new UseCoupon(coupon, PAYMENT, ORDER, new CustomerId(customer), won(20_000), won(2_000), ASKED)).block();
    }

    private void eventually(String customer, Consumer<BodyContentSpec> expected) {
        await().untilAsserted(() -> expected.accept(couponsOf(customer)));
    }

    private BodyContentSpec couponsOf(String customer) {
        return http.get().uri("/coupons/me").headers(as(customer)).exchange().expectStatus().isOk().expectBody();
    }

    private Page page(String customer, int size, @Nullable String cursor) {
        return http.get().uri(uri -> uri.path("/coupons/me").queryParam("size", size)
                        .queryParamIfPresent("cursor", Optional.ofNullable(cursor)).build())
                .headers(as(customer)).exchange().expectStatus().isOk()
                .expectBody(Page.class).returnResult().getResponseBody();
    }

    private record Page(List<Item> items, @Nullable String next) {
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Item(String couponId) {
    }
}
