package jangter.coupon;

import static jangter.coupon.Samples.ALICE;
import static jangter.coupon.Samples.BOB;
import static jangter.coupon.Samples.CAMPAIGN;
import static jangter.coupon.Samples.COUPON;
import static jangter.coupon.Samples.NOON;
import static jangter.coupon.Samples.claim;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.coupon.api.CouponCommand;
import jangter.coupon.api.CouponCommand.IssueCoupons;
import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponDecisions;
import jangter.coupon.api.CouponDecisions.Decision;
import jangter.coupon.api.CouponDecisions.Over;
import jangter.coupon.api.CouponRefusal;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.UnavailableException;
import jangter.platform.http.OverloadedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class CouponDropTest {

    private static final Refusal SOLD_OUT = CouponRefusal.SOLD_OUT.because("All gone.").refusal();

    private static final Duration MOMENT = Duration.ofMillis(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<IssueCoupons> sent = new ArrayList<>();
    private final List<Sinks.One<CouponDecisions>> answers = new ArrayList<>();
    private final CouponDrop drop = new CouponDrop(command -> {
        sent.add(command);
        answers.add(Sinks.one());
        return answers.get(answers.size() - 1).asMono();
    }, time);

    @Test
    void who_comes_alone_waits_for_nobody() {
        come(1);
        assertThat(sent).containsExactly(new IssueCoupons(CAMPAIGN, List.of(claimOf(1))));
    }

    @Test
    void those_who_come_while_a_command_is_out_are_decided_together_in_their_order() {
        List<CompletableFuture<Instant>> all = Stream.iterate(1, n -> n + 1).limit(5).map(this::come).toList();
        assertThat(sent).hasSize(1);
        answer(0, issued(1), null);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).claims()).containsExactly(claimOf(2), claimOf(3), claimOf(4), claimOf(5));
        answer(1, Stream.concat(issued(3).stream(), Stream.of(new Decision(SOLD_OUT, null))).toList(), null);

        assertThat(all.subList(0, 4)).allSatisfy(one -> assertThat(one).isCompletedWithValue(NOON));
        assertThat(all.get(4)).failsWithin(Duration.ZERO).withThrowableThat().havingCause().isInstanceOf(RefusedException.class);
        assertThat(drop.busy()).as("nobody waits, so there is no queue").isZero();
    }

    @Test
    void no_command_is_larger_than_a_campaign_takes() {
        for (int n = 0; n <= CouponCommand.MOST_AT_ONCE + 1; n++) {
            come(n);
        }
        answer(0, issued(1), null);
        assertThat(sent.get(1).claims()).hasSize(CouponCommand.MOST_AT_ONCE);
        answer(1, issued(CouponCommand.MOST_AT_ONCE), null);
        time.advanceTimeBy(MOMENT);
        assertThat(sent.get(2).claims()).hasSize(1);
    }

    @Test
    void after_a_rush_as_many_are_gathered_again_and_go_at_once() {
        List<Integer> rush = List.of(1, 2, 3, 4);
        come(0);
        rush.forEach(this::come);
        answer(0, issued(1), null);
        answer(1, issued(4), null);
        rush.subList(0, 3).forEach(n -> come(10 + n));
        assertThat(sent).as("the fourth may come").hasSize(2);
        come(14);
        assertThat(sent).hasSize(3);
        assertThat(sent.get(2).claims()).containsExactly(claimOf(11), claimOf(12), claimOf(13), claimOf(14));
    }

    @Test
    void after_a_rush_who_comes_alone_waits_for_two_moments_at_most() {
        rushOfFour();
        come(11);
        time.advanceTimeBy(MOMENT);
        assertThat(sent).as("others may follow").hasSize(2);
        time.advanceTimeBy(MOMENT);
        assertThat(sent).hasSize(3);
        answer(2, issued(1), null);
        assertThat(drop.busy()).isZero();
    }

    @Test
    void while_they_keep_coming_they_are_gathered_for_some_moments() {
        rushOfFour();
        come(11);
        time.advanceTimeBy(MOMENT);
        come(12);
        time.advanceTimeBy(MOMENT);
        come(13);
        time.advanceTimeBy(MOMENT);
        assertThat(sent).hasSize(2);
        come(14);
        assertThat(sent.get(2).claims()).hasSize(4);
    }

    @Test
    void in_a_rush_those_who_came_meanwhile_wait_for_as_many_as_were_answered() {
        come(0);
        Stream.of(1, 2, 3, 4).forEach(this::come);
        answer(0, issued(1), null);
        Stream.of(11, 12, 13, 14).forEach(this::come);
        answer(1, issued(4), null);
        Stream.of(21, 22, 23).forEach(this::come);
        assertThat(sent).as("the fourth may come again").hasSize(2);
        come(24);
        assertThat(sent.get(2).claims()).hasSize(8);
    }

    @Test
    void in_a_rush_those_who_came_meanwhile_wait_for_a_moment_at_most_if_nobody_follows() {
        come(0);
        Stream.of(1, 2, 3, 4).forEach(this::come);
        answer(0, issued(1), null);
        Stream.of(11, 12, 13, 14).forEach(this::come);
        answer(1, issued(4), null);
        time.advanceTimeBy(MOMENT);
        assertThat(sent.get(2).claims()).containsExactly(claimOf(11), claimOf(12), claimOf(13), claimOf(14));
    }

    @Test
    void those_who_keep_coming_are_not_gathered_without_end() {
        come(0);
        Stream.iterate(1, n -> n + 1).limit(50).forEach(this::come);
        answer(0, issued(1), null);
        answer(1, issued(50), null);
        for (int n = 100; n < 106; n++) {
            come(n);
            time.advanceTimeBy(MOMENT);
        }
        assertThat(sent).hasSize(3);
        assertThat(sent.get(2).claims()).hasSize(5);
    }

    /** The moment of an earlier wait does not end that of a later one. */
    @Test
    void each_command_is_waited_for_by_itself() {
        rushOfFour();
        time.advanceTimeBy(MOMENT.dividedBy(2));
        Stream.of(11, 12, 13, 14).forEach(this::come);
        answer(2, issued(4), null);
        time.advanceTimeBy(MOMENT.dividedBy(2));
        come(21);
        assertThat(sent).hasSize(3);
        time.advanceTimeBy(MOMENT.dividedBy(2));
        assertThat(sent).hasSize(3);
        assertThat(drop.busy()).isOne();
    }

    private void rushOfFour() {
        come(0);
        Stream.of(1, 2, 3, 4).forEach(this::come);
        answer(0, issued(1), null);
        answer(1, issued(4), null);
        assertThat(sent).hasSize(2);
    }

    @Test
    void one_campaign_does_not_wait_for_another() {
        come(1);
        drop.come(new CampaignId("campaign-2"), claimOf(2)).subscribe();
        assertThat(sent).hasSize(2);
    }

    @Test
    void when_a_command_fails_those_in_it_do_not_know_and_the_next_go_on() {
        CompletableFuture<Instant> first = come(1);
        CompletableFuture<Instant> second = come(2);
        answers.get(0).tryEmitError(new UnavailableException("lost", null));
        assertThat(first).failsWithin(Duration.ZERO).withThrowableThat().havingCause().isInstanceOf(UnavailableException.class);
        assertThat(sent).hasSize(2);
        answer(1, issued(1), null);
        assertThat(second).isCompletedWithValue(NOON);
    }

    @Test
    void past_so_many_who_wait_others_are_told_to_come_again_and_nobody_is_lost() {
        come(0);
        List<CompletableFuture<Instant>> waiting = Stream.iterate(1, n -> n + 1).limit(CouponDrop.MOST_WAITING).map(this::come).toList();
        assertThat(come(-1)).failsWithin(Duration.ZERO).withThrowableThat().havingCause().isInstanceOf(OverloadedException.class);
        for (int n = 0; n < 1 + CouponDrop.MOST_WAITING / CouponCommand.MOST_AT_ONCE; n++) {
            answer(n, issued(sent.get(n).claims().size()), null);
            time.advanceTimeBy(MOMENT);
        }
        assertThat(waiting).allSatisfy(one -> assertThat(one).isCompletedWithValue(NOON));
    }

    @Test
    void a_decision_that_does_not_come_is_not_waited_for_without_end() {
        StepVerifier.withVirtualTime(() -> drop.come(CAMPAIGN, claimOf(1))).thenAwait(Duration.ofSeconds(20))
                .expectError(UnavailableException.class).verify(Duration.ofSeconds(10));
    }

    @Test
    void of_a_campaign_that_is_over_the_answer_is_known_but_for_those_who_have_a_coupon() {
        assertThat(drop.refusal(CAMPAIGN, BOB)).isEmpty();
        drop.come(CAMPAIGN, claim(COUPON, ALICE)).subscribe();
        answer(0, issued(1), new Over(SOLD_OUT, Set.of(ALICE)));

        assertThat(drop.refusal(CAMPAIGN, BOB)).contains(SOLD_OUT);
        assertThat(drop.refusal(CAMPAIGN, ALICE)).isEmpty();
        assertThat(drop.refusal(new CampaignId("campaign-2"), BOB)).isEmpty();
    }

    @Test
    void that_it_was_issued_before_is_no_refusal() {
        Mono<Instant> again = drop.come(CAMPAIGN, claim(COUPON, ALICE));
        StepVerifier.create(again).then(() -> answer(0, List.of(new Decision(null, null)), null)).verifyComplete();
    }

    private CompletableFuture<Instant> come(int customer) {
        return drop.come(CAMPAIGN, claimOf(customer)).toFuture();
    }

    private static Claim claimOf(int customer) {
        return claim(new CouponId("coupon-" + customer), new CustomerId("customer" + customer));
    }

    private static List<Decision> issued(int times) {
        return Stream.generate(() -> new Decision(null, NOON)).limit(times).toList();
    }

    private void answer(int command, List<Decision> decisions, @Nullable Over over) {
        answers.get(command).tryEmitValue(new CouponDecisions(decisions, over));
    }
}
