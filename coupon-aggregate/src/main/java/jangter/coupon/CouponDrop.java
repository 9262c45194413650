package jangter.coupon;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jangter.coupon.api.CouponCommand;
import jangter.coupon.api.CouponCommand.IssueCoupons;
import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponDecisions;
import jangter.coupon.api.CouponDecisions.Decision;
import jangter.coupon.api.CouponDecisions.Over;
import jangter.kernel.CampaignId;
import jangter.kernel.CustomerId;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Where the customers of a campaign queue up. Those who come while its last command is still out are gathered, in the order in which they
 * came, and decided by the next one: so a rush costs few commands and few appends, and who comes alone waits for nobody.
 *
 * <p>Each instance has a queue of its own; the campaign, which is one for all of them, decides in the order of the commands. Of a campaign
 * that is over the answer is remembered here, since it never changes.
 */
public final class CouponDrop {

    /** So many may wait for one campaign here: fewer than are let in at once, so that a rush does not take everybody's room. */
    static final int MOST_WAITING = 300;

    /** How long one may wait in the queue and for the decision. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of campaigns that are over so many holders are remembered altogether; a campaign counts as one more. */
    private static final long MOST_REMEMBERED = 200_000;

    private final Function<IssueCoupons, Mono<CouponDecisions>> send;
    private final Map<CampaignId, Line> lines = new HashMap<>();
    private final Cache<CampaignId, Over> over = Caffeine.newBuilder().maximumWeight(MOST_REMEMBERED)
            .weigher((CampaignId id, Over known) -> 1 + known.holders().size()).build();

    /** @param send hands a command to the campaign when its answer is subscribed to; it has a time limit of its own */
    public CouponDrop(Function<IssueCoupons, Mono<CouponDecisions>> send) {
        this.send = send;
    }

    private record Waiting(Claim claim, Sinks.One<Decision> answer) {
    }

    /** Those who wait for one campaign's next command, while its last is out. */
    private static final class Line {

        private final Queue<Waiting> waiting = new ArrayDeque<>();
    }

    /** How that campaign refuses that customer for good, if it is known here that it is over and the customer has no coupon of it. */
    Optional<Refusal> refusal(CampaignId campaign, CustomerId customer) {
        return Optional.ofNullable(over.getIfPresent(campaign)).filter(known -> !known.holders().contains(customer)).map(Over::refusal);
    }

    /**
     * Queues up when subscribed to.
     *
     * @return when the coupon expires; nothing if it had been issued before. Fails with {@link RefusedException} if the campaign refuses, and
     *     with {@link UnavailableException} if too many wait, or no answer came and the outcome is unknown
     */
    public Mono<Instant> come(CampaignId campaign, Claim claim) {
        return Mono.defer(() -> queueUp(campaign, claim))
                .timeout(PATIENCE).onErrorMap(TimeoutException.class, late -> new UnavailableException("The campaign did not answer in time", late))
                .flatMap(decision -> decision.refusal() == null ? Mono.justOrEmpty(decision.expiresAt())
                        : Mono.error(new RefusedException(decision.refusal())));
    }

    private Mono<Decision> queueUp(CampaignId campaign, Claim claim) {
        Waiting one = new Waiting(claim, Sinks.one());
        boolean first;
        synchronized (lines) {
            Line line = lines.get(campaign);
            first = line == null;
            if (first) {
                lines.put(campaign, new Line());
            } else if (line.waiting.size() >= MOST_WAITING) {
                return Mono.error(new UnavailableException("Too many wait for " + campaign, null));
            } else {
                line.waiting.add(one);
            }
        }
        if (first) {
            decide(campaign, List.of(one));
        }
        return one.answer.asMono();
    }

    private void decide(CampaignId campaign, List<Waiting> together) {
        Mono.defer(() -> send.apply(new IssueCoupons(campaign, together.stream().map(Waiting::claim).toList())))
                .doOnNext(decisions -> Optional.ofNullable(decisions.over()).ifPresent(known -> over.put(campaign, known)))
                // before those who waited are told: what they do next need not keep the others waiting
                .doOnTerminate(() -> next(campaign))
                .subscribe(decisions -> answer(together, decisions.each()),
                        failure -> together.forEach(one -> one.answer.tryEmitError(failure)));
    }

    private static void answer(List<Waiting> together, List<Decision> decisions) {
        for (int i = 0; i < together.size(); i++) {
            together.get(i).answer.tryEmitValue(decisions.get(i));
        }
    }

    /** A campaign for which nobody waits any more has no queue. */
    private void next(CampaignId campaign) {
        List<Waiting> together = new ArrayList<>();
        synchronized (lines) {
            Queue<Waiting> waiting = lines.get(campaign).waiting;
            while (!waiting.isEmpty() && together.size() < CouponCommand.MOST_AT_ONCE) {
                together.add(waiting.remove());
            }
            if (together.isEmpty()) {
                lines.remove(campaign);
            }
        }
        if (!together.isEmpty()) {
            decide(campaign, together);
        }
    }

    /** How many campaigns somebody waits for. */
    int busy() {
        synchronized (lines) {
            return lines.size();
        }
    }
}
