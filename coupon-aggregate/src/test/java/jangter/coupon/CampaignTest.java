package jangter.coupon;

import static jangter.coupon.Samples.ALICE;
import static jangter.coupon.Samples.BOB;
import static jangter.coupon.Samples.CAMPAIGN;
import static jangter.coupon.Samples.CAMPAIGN_NAME;
import static jangter.coupon.Samples.CLOSES;
import static jangter.coupon.Samples.COUPON;
import static jangter.coupon.Samples.NOON;
import static jangter.coupon.Samples.OPENS;
import static jangter.coupon.Samples.OTHER_COUPON;
import static jangter.coupon.Samples.TEN_PERCENT;
import static jangter.coupon.Samples.THIRTY_DAYS;
import static jangter.coupon.Samples.WINDOW;
import static jangter.coupon.Samples.claim;
import static jangter.coupon.Samples.claimed;
import static jangter.coupon.Samples.claimedTogether;
import static jangter.coupon.Samples.issue;
import static jangter.coupon.Samples.issueAll;
import static jangter.coupon.Samples.issued;
import static jangter.coupon.Samples.launch;
import static jangter.coupon.Samples.launched;
import static jangter.coupon.Samples.won;

import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponDecisions;
import jangter.coupon.api.CouponDecisions.Decision;
import jangter.coupon.api.CouponDecisions.Over;
import jangter.coupon.api.CouponRefusal;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import jangter.kernel.Refusal;
import jangter.kernel.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.matchers.Matchers;
import org.hamcrest.Matcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CampaignTest {

    private static final Refusal HAS_ONE = CouponRefusal.ALREADY_ISSUED.because("You have one of this campaign's coupons.").refusal();
    private static final Refusal NONE_LEFT = CouponRefusal.SOLD_OUT.because("All coupons of this campaign are gone.").refusal();

    private FixtureConfiguration<Campaign> fixture;

    @BeforeEach
    void setUp() {
        fixture = new AggregateTestFixture<>(Campaign.class);
        // the fixture keeps one aggregate's events; those of coupons are told only
        fixture.registerInjectableResource((FirstEvents) (issued, onBehalf) -> fixture.getEventBus().publish(new GenericEventMessage<>(issued, onBehalf)));
    }

    @Test
    void a_campaign_is_launched() {
        fixture.givenNoPriorActivity().when(launch(100)).expectEvents(launched(100));
    }

    @Test
    void launching_the_same_campaign_again_changes_nothing() {
        fixture.given(launched(100)).when(launch(100)).expectSuccessfulHandlerExecution().expectNoEvents();
    }

    static Stream<LaunchCampaign> otherCampaigns() {
        var fixedDiscount = new Discount.Fixed(won(1_000));
        return Stream.of(
                new LaunchCampaign(CAMPAIGN, new Name("Second snow"), TEN_PERCENT, new Quantity(100), WINDOW, THIRTY_DAYS),
                new LaunchCampaign(CAMPAIGN, CAMPAIGN_NAME, fixedDiscount, new Quantity(100), WINDOW, THIRTY_DAYS),
                new LaunchCampaign(CAMPAIGN, CAMPAIGN_NAME, TEN_PERCENT, new Quantity(101), WINDOW, THIRTY_DAYS),
                new LaunchCampaign(CAMPAIGN, CAMPAIGN_NAME, TEN_PERCENT, new Quantity(100), new Window(OPENS, NOON), THIRTY_DAYS),
                new LaunchCampaign(CAMPAIGN, CAMPAIGN_NAME, TEN_PERCENT, new Quantity(100), WINDOW, Duration.ofDays(31)));
    }

    @ParameterizedTest
    @MethodSource("otherCampaigns")
    void another_campaign_cannot_take_its_id(LaunchCampaign other) {
        refused(fixture.given(launched(100)).when(other), CouponRefusal.CAMPAIGN_EXISTS);
    }

    @Test
    void issuing_claims_a_coupon_and_brings_it_into_being_at_once() {
        fixture.given(launched(100)).andGivenCurrentTime(NOON)
                .when(issue(COUPON, ALICE))
                .expectEvents(claimed(COUPON, ALICE, 99), issued(COUPON, ALICE, NOON))
                .expectResultMessagePayload(NOON.plus(THIRTY_DAYS));
    }

    @Test
    void issuing_the_same_coupon_again_changes_nothing() {
        fixture.given(launched(100), claimed(COUPON, ALICE, 99)).andGivenCurrentTime(NOON)
                .when(issue(COUPON, ALICE)).expectSuccessfulHandlerExecution().expectNoEvents();
    }

    @Test
    void issuing_the_same_coupon_again_is_quiet_even_when_the_campaign_is_sold_out_and_over() {
        fixture.given(launched(1), claimed(COUPON, ALICE, 0)).andGivenCurrentTime(CLOSES)
                .when(issue(COUPON, ALICE)).expectSuccessfulHandlerExecution().expectNoEvents();
    }

    @Test
    void an_unknown_campaign_has_no_coupons() {
        refused(fixture.givenNoPriorActivity().when(issue(COUPON, ALICE)), CouponRefusal.UNKNOWN_CAMPAIGN);
    }

    @Test
    void a_customer_gets_one_coupon_of_a_campaign() {
        refused(fixture.given(launched(100), claimed(COUPON, ALICE, 99)).andGivenCurrentTime(NOON).when(issue(OTHER_COUPON, ALICE)),
                CouponRefusal.ALREADY_ISSUED);
    }

    @Test
    void whoever_has_a_coupon_is_told_so_rather_than_that_the_campaign_is_sold_out_or_over() {
        refused(fixture.given(launched(1), claimed(COUPON, ALICE, 0)).andGivenCurrentTime(NOON).when(issue(OTHER_COUPON, ALICE)),
                CouponRefusal.ALREADY_ISSUED);
        refused(fixture.given(launched(2), claimed(COUPON, ALICE, 1)).andGivenCurrentTime(CLOSES).when(issue(OTHER_COUPON, ALICE)),
                CouponRefusal.ALREADY_ISSUED);
    }

    @Test
    void the_last_coupon_is_issued() {
        fixture.given(launched(2), claimed(COUPON, ALICE, 1)).andGivenCurrentTime(NOON)
                .when(issue(OTHER_COUPON, BOB))
                .expectEvents(claimed(OTHER_COUPON, BOB, 0), issued(OTHER_COUPON, BOB, NOON));
    }

    @Test
    void no_coupon_is_issued_after_the_last() {
        refused(fixture.given(launched(1), claimed(COUPON, ALICE, 0)).andGivenCurrentTime(NOON).when(issue(OTHER_COUPON, BOB)),
                CouponRefusal.SOLD_OUT);
    }

    static Stream<Instant> outsideTheWindow() {
        return Stream.of(OPENS.minusMillis(1), CLOSES);
    }

    @ParameterizedTest
    @MethodSource("outsideTheWindow")
    void no_coupon_is_issued_outside_the_window(Instant now) {
        refused(fixture.given(launched(100)).andGivenCurrentTime(now).when(issue(COUPON, ALICE)), CouponRefusal.CAMPAIGN_NOT_OPEN);
    }

    static Stream<Instant> withinTheWindow() {
        return Stream.of(OPENS, CLOSES.minusMillis(1));
    }

    @ParameterizedTest
    @MethodSource("withinTheWindow")
    void coupons_are_issued_from_the_first_to_the_last_moment_of_the_window(Instant now) {
        fixture.given(launched(100)).andGivenCurrentTime(now).when(issue(COUPON, ALICE))
                .expectEvents(claimed(COUPON, ALICE, 99), issued(COUPON, ALICE, now));
    }

    @Test
    void those_who_come_together_are_decided_in_the_order_in_which_they_came() {
        fixture.given(launched(2)).andGivenCurrentTime(NOON)
                .when(issueAll(claim(COUPON, ALICE), claim(new CouponId("coupon-3"), ALICE), claim(OTHER_COUPON, BOB),
                        claim(new CouponId("coupon-4"), new CustomerId("carol")), claim(COUPON, ALICE)))
                .expectEvents(claimedTogether(0, claim(COUPON, ALICE), claim(OTHER_COUPON, BOB)), issued(COUPON, ALICE, NOON),
                        issued(OTHER_COUPON, BOB, NOON))
                .expectResultMessagePayload(new CouponDecisions(List.of(
                        new Decision(null, NOON.plus(THIRTY_DAYS)), new Decision(HAS_ONE, null),
                        new Decision(null, NOON.plus(THIRTY_DAYS)), new Decision(NONE_LEFT, null),
                        new Decision(null, null)), new Over(NONE_LEFT, Set.of(ALICE, BOB))));
    }

    @Test
    void those_who_come_together_again_get_nothing_more() {
        fixture.given(launched(3)).andGivenCurrentTime(NOON).andGivenCommands(issueAll(claim(COUPON, ALICE), claim(OTHER_COUPON, BOB)))
                .when(issueAll(claim(COUPON, ALICE), claim(OTHER_COUPON, BOB))).expectNoEvents()
                .expectResultMessagePayload(new CouponDecisions(List.of(new Decision(null, null), new Decision(null, null)), null));
    }

    @Test
    void those_who_have_come_together_are_remembered() {
        fixture.given(launched(3), claimedTogether(1, claim(COUPON, ALICE), claim(OTHER_COUPON, BOB))).andGivenCurrentTime(NOON)
                .when(issueAll(claim(new CouponId("coupon-3"), ALICE), claim(OTHER_COUPON, BOB), claim(new CouponId("coupon-4"), new CustomerId("carol")),
                        claim(new CouponId("coupon-5"), new CustomerId("dave"))))
                .expectEvents(claimed(new CouponId("coupon-4"), new CustomerId("carol"), 0),
                        issued(new CouponId("coupon-4"), new CustomerId("carol"), NOON))
                .expectResultMessagePayload(new CouponDecisions(List.of(new Decision(HAS_ONE, null), new Decision(null, null),
                        new Decision(null, NOON.plus(THIRTY_DAYS)), new Decision(NONE_LEFT, null)),
                        new Over(NONE_LEFT, Set.of(ALICE, BOB, new CustomerId("carol")))));
    }

    @Test
    void each_of_those_who_come_together_is_named_by_their_coupon() {
        fixture.given(launched(3)).andGivenCurrentTime(NOON).when(issueAll(claim(COUPON, ALICE), claim(OTHER_COUPON, BOB)))
                .expectEventsMatching(Matchers.exactSequenceOf(askedBy(null), askedBy("alice"), askedBy("bob"), Matchers.andNoMore()));
    }

    @Test
    void who_gets_a_coupon_alone_is_named_by_both_events() {
        fixture.given(launched(1)).andGivenCurrentTime(NOON).when(issueAll(claim(COUPON, ALICE), claim(OTHER_COUPON, BOB)))
                .expectEventsMatching(Matchers.exactSequenceOf(askedBy("alice"), askedBy("alice"), Matchers.andNoMore()));
    }

    @Test
    void those_who_come_together_to_an_unknown_campaign_are_refused() {
        refused(fixture.givenNoPriorActivity().when(issueAll(claim(COUPON, ALICE))), CouponRefusal.UNKNOWN_CAMPAIGN);
    }

    private static Matcher<EventMessage<?>> askedBy(@Nullable String customer) {
        return Matchers.matches(event -> Objects.equals(customer, event.getMetaData().get("askedBy")));
    }

    private static void refused(ResultValidator<Campaign> result, CouponRefusal refusal) {
        result.expectNoEvents().expectException(Refused.with(refusal));
    }
}
