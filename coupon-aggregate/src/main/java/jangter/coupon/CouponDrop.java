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
import jangter.platform.http.OverloadedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Where the customers of a campaign queue up. Those who come while its last command is still out are gathered, in the order in which they
 * came, and decided by the next one: so a rush costs few commands and few appends, and who comes alone waits for nobody. When several were
 * answered, the next command waits for a moment, or until as many have come again, and a few moments longer while they keep coming: else some of
 * them would go by themselves, and all the others wait for those; and many who come singly at a high rate would be decided by many small commands.
 *
 * <p>Each instance has a queue of its own; the campaign, which is one for all of them, decides in the order of the commands. Of a campaign
 * that is over the answer is remembered here, since it never changes.
 */
public final class CouponDrop {

    /** So many may wait for one campaign here: fewer than are let in at once, so that a rush does not take everybody's room. */
    static final int MOST_WAITING = 600;

    /** How long one may wait in the queue and for the decision. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How long those who come together are gathered after others were answered, and once more if somebody came in it. */
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final int MOST_MOMENTS = 5;
    /** Of campaigns that are over so many holders are remembered altogether; a campaign counts as one more. */
    private static final long MOST_REMEMBERED = 200_000;

    private final Function<IssueCoupons, Mono<CouponDecisions>> send;
    private final Scheduler moments;
    private final Map<CampaignId, Line> lines = new HashMap<>();
    private final Cache<CampaignId, Over> over = Caffeine.newBuilder().maximumWeight(MOST_REMEMBERED)
            .weigher((CampaignId id, Over known) -> 1 + known.holders().size()).build();

    /** @param send hands a command to the campaign when its answer is subscribed to; it has a time limit of its own */
    public CouponDrop(Function<IssueCoupons, Mono<CouponDecisions>> send) {
        this(send, Schedulers.parallel());
    }

    CouponDrop(Function<IssueCoupons, Mono<CouponDecisions>> send, Scheduler moments) {
        this.send = send;
        this.moments = moments;
    }

    private record Waiting(Claim claim, Sinks.One<Decision> answer) {
    }

    /** Those who wait for one campaign's next command. */
    private static final class Line {

        private final Queue<Waiting> waiting = new ArrayDeque<>();
        /** Whether its last command is out. */
        private boolean busy;
        /** So many will do for the next command: at first one, then as many as were decided by the last. */
        private int enough = 1;
        /** So many had come when the last command came back, if several were answered by it: those do not stand for them. */
        private int cameMeanwhile;
        private int commands;
        /** As many waited when the last moment was over. */
        private int waitedBefore;
        private int moments;

        /** Its last command came back. */
        void isBack() {
            busy = false;
            cameMeanwhile = enough == 1 ? 0 : waiting.size();
        }

        void beginToWait() {
            waitedBefore = waiting.size();
            moments = 0;
        }

        /** Whether they are to be waited for once more. */
        boolean keepsComing() {
            boolean came = waiting.size() > waitedBefore;
            waitedBefore = waiting.size();
            return came && ++moments < MOST_MOMENTS;
        }

        boolean isReady() {
            return !busy && waiting.size() >= Math.min(cameMeanwhile + enough, CouponCommand.MOST_AT_ONCE);
        }

        /** All who wait, or as many as one command takes. */
        List<Waiting> take() {
            List<Waiting> together = new ArrayList<>();
            while (!waiting.isEmpty() && together.size() < CouponCommand.MOST_AT_ONCE) {
                together.add(waiting.remove());
            }
            busy = true;
            enough = together.size();
            commands++;
            return together;
        }
    }

    /** Whether no more may wait for that campaign at present. */
    boolean isFull(CampaignId campaign) {
        synchronized (lines) {
            Line line = lines.get(campaign);
            return line != null && line.waiting.size() >= MOST_WAITING;
        }
    }

    /** Whether it is known here that the campaign is over. */
    boolean isOver(CampaignId campaign) {
        return over.getIfPresent(campaign) != null;
    }

    /** How that campaign refuses that customer for good, if it is known here that it is over and the customer has no coupon of it. */
    Optional<Refusal> refusal(CampaignId campaign, CustomerId customer) {
        return Optional.ofNullable(over.getIfPresent(campaign)).filter(known -> !known.holders().contains(customer)).map(Over::refusal);
    }

    /**
     * Queues up when subscribed to.
     *
     * @return when the coupon expires; nothing if it had been issued before. Fails with {@link RefusedException} if the campaign refuses, and
     *     with {@link OverloadedException} if too many wait, and with {@link UnavailableException} if no answer came and the outcome is unknown
     */
    public Mono<Instant> come(CampaignId campaign, Claim claim) {
        return Mono.defer(() -> queueUp(campaign, claim))
                .timeout(PATIENCE).onErrorMap(TimeoutException.class, late -> new UnavailableException("The campaign did not answer in time", late))
                .flatMap(decision -> decision.refusal() == null ? Mono.justOrEmpty(decision.expiresAt())
                        : Mono.error(new RefusedException(decision.refusal())));
    }

    private Mono<Decision> queueUp(CampaignId campaign, Claim claim) {
        Waiting one = new Waiting(claim, Sinks.one());
        List<Waiting> together = List.of();
        synchronized (lines) {
            Line line = lines.computeIfAbsent(campaign, first -> new Line());
            if (line.waiting.size() >= MOST_WAITING) {
                return Mono.error(new OverloadedException("Too many wait for " + campaign));
            }
            line.waiting.add(one);
            if (line.isReady()) {
                together = line.take();
            }
        }
        if (!together.isEmpty()) {
            decide(campaign, together);
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

    /** In a rush those who were answered are followed at once by as many others, who are waited for; but for a moment only. */
    private void next(CampaignId campaign) {
        List<Waiting> together = List.of();
        synchronized (lines) {
            Line line = lines.get(campaign);
            line.isBack();
            if (line.isReady()) {
                together = line.take();
            } else if (line.enough == 1) {
                lines.remove(campaign);
            } else {
                line.beginToWait();
                waitForAMoment(campaign, line);
            }
        }
        if (!together.isEmpty()) {
            decide(campaign, together);
        }
    }

    private void waitForAMoment(CampaignId campaign, Line line) {
        int before = line.commands;
        moments.schedule(() -> momentIsOver(campaign, line, before), MOMENT.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * A campaign for which nobody waits any more has no queue.
     *
     * @param before how many commands there had been when the moment began: after another it is over already
     */
    private void momentIsOver(CampaignId campaign, Line line, int before) {
        List<Waiting> together = List.of();
        synchronized (lines) {
            if (line.commands != before) {
                return;
            }
            if (line.waiting.isEmpty()) {
                lines.remove(campaign, line);
            } else if (line.keepsComing()) {
                waitForAMoment(campaign, line);
            } else {
                together = line.take();
            }
        }
        if (!together.isEmpty()) {
            decide(campaign, together);
        }
    }

    /** How many campaigns somebody waits for. */
    int busy() {
        synchronized (lines) {
            return (int) lines.values().stream().filter(line -> line.busy || !line.waiting.isEmpty()).count();
        }
    }
}
