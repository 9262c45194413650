package jangter.proof;

import jangter.checkout.Checkout;
import jangter.checkout.Checkout.State;
import jangter.checkout.Pace;
import jangter.checkout.Turn;
import jangter.checkout.Turn.Ask;
import jangter.checkout.api.CheckoutEvent;
import jangter.checkout.api.CheckoutEvent.CompensationRequested;
import jangter.checkout.api.CheckoutEvent.ParkingRequested;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutEvent.TimerElapsed;
import jangter.checkout.api.Reason;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseRefused;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryCommand.SettleDeductions;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.kernel.CustomerId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.WalletId;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentCommand.SettlePayments;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * The whole shop in one thread: the event store, the aggregates, the commands on their way to them, the saga's processor with its store,
 * its token and its timers, and the settlement. It does nothing by itself: whoever plays it says what happens next, and how it fails.
 */
final class World {

    static final CustomerId OPERATOR = new CustomerId("olga");
    static final Reason REASON = new Reason("The customer called.");

    /** How a batch of the saga's processor ends. */
    enum Crash {
        NEVER,
        /** The commands are sent and the timers set, the checkouts are not stored. */
        BEFORE_IT_STORES,
        /** As before, but what is to be told is told already. */
        BEFORE_IT_STORES_WHAT_IT_TOLD,
        /** The checkouts are stored, the token is not moved. */
        BEFORE_THE_TOKEN_MOVES
    }

    /** How a command fares. */
    enum Delivery {
        ARRIVES,
        IS_LOST,
        /** It arrives, and will arrive again. */
        ARRIVES_AND_STAYS,
        /** Its aggregate's process dies before the events are appended. */
        DIES_BEFORE_APPENDING,
        /** Its aggregate's process dies when the events are appended; nobody hears the answer. */
        DIES_AFTER_APPENDING
    }

    private record Stored(Object event, Instant at) {
    }

    /** A command on its way. */
    record Letter(int number, Object command) {
    }

    /** A timer that is set. */
    record Alarm(int number, Instant due, TimerElapsed elapsed) {
    }

    /** A checkout as the saga keeps it, with the number of its timer. */
    record Kept(Checkout checkout, @Nullable Integer alarm) {
    }

    /** What the saga's processor has stored. */
    record Progress(int token, Map<PaymentId, Kept> checkouts) {
    }

    private final Pace pace;
    private final Mutation mutation;
    private final SimulatedClock clock;
    private final Handling handling;
    private final @Nullable Consumer<String> trace;

    private Instant now;
    private final List<Stored> log;
    private final Map<String, List<DomainEventMessage<?>>> streams;
    private final List<Letter> letters;
    private final List<Alarm> alarms;
    private int numbers;
    private Progress progress;
    private int settled;
    private final Invariants invariants = new Invariants();

    /** What the aggregates make of a command. */
    interface Handling {
        Contexts.Outcome handle(Object command, List<DomainEventMessage<?>> stream);
    }

    World(Pace pace, Mutation mutation, SimulatedClock clock, Instant now, Handling handling, @Nullable Consumer<String> trace) {
        this.pace = pace;
        this.mutation = mutation;
        this.clock = clock;
        this.handling = handling;
        this.trace = trace;
        this.now = now;
        this.log = new ArrayList<>();
        this.streams = new LinkedHashMap<>();
        this.letters = new ArrayList<>();
        this.alarms = new ArrayList<>();
        this.progress = new Progress(0, Map.of());
    }

    private World(World other) {
        pace = other.pace;
        mutation = other.mutation;
        clock = other.clock;
        handling = other.handling;
        trace = other.trace;
        now = other.now;
        log = new ArrayList<>(other.log);
        streams = new LinkedHashMap<>();
        other.streams.forEach((id, stream) -> streams.put(id, new ArrayList<>(stream)));
        letters = new ArrayList<>(other.letters);
        alarms = new ArrayList<>(other.alarms);
        numbers = other.numbers;
        progress = other.progress;
        settled = other.settled;
        log.forEach(stored -> invariants.on(stored.event));
    }

    World copy() {
        return new World(this);
    }

    // --- what is to be seen of it

    Instant now() {
        return now;
    }

    List<Letter> letters() {
        return letters;
    }

    List<Alarm> alarms() {
        return alarms;
    }

    Progress progress() {
        return progress;
    }

    Map<String, List<DomainEventMessage<?>>> streams() {
        return streams;
    }

    /** What the saga's processor has not handled. */
    List<Object> unread() {
        return log.subList(progress.token, log.size()).stream().map(Stored::event).toList();
    }

    boolean hasUnread() {
        return progress.token < log.size();
    }

    /** How many completed orders are not settled. */
    int unsettled() {
        return (int) log.subList(settled, log.size()).stream().filter(stored -> stored.event instanceof OrderCompleted).count();
    }

    List<Checkout> parked() {
        return progress.checkouts.values().stream().map(Kept::checkout).filter(World::isParked).toList();
    }

    static boolean isParked(Checkout checkout) {
        return checkout.state() == State.PARKED || checkout.state() == State.HELD;
    }

    /** The checkouts that have not ended. */
    List<Checkout> open() {
        return progress.checkouts.values().stream().map(Kept::checkout).toList();
    }

    long violations() {
        return invariants.found();
    }

    Report report(boolean atRest) {
        return invariants.report(atRest);
    }

    // --- time

    void pass(Duration time) {
        now = now.plus(time);
        tell("%s pass", time);
    }

    // --- commands

    void send(Object command) {
        letters.add(new Letter(numbers++, command));
        tell("sent: %s", command);
    }

    void deliver(Letter letter, Delivery how) {
        tell("%s: %s", how, letter.command);
        if (how != Delivery.ARRIVES_AND_STAYS) {
            letters.remove(letter);
        }
        if (how != Delivery.IS_LOST) {
            handle(letter.command, how == Delivery.DIES_BEFORE_APPENDING);
        }
    }

    /** Hands a command over. Its events are appended, unless its process dies or the store finds that somebody was quicker. */
    void handle(Object command, boolean dies) {
        clock.show(now);
        Contexts.Outcome outcome = handling.handle(command, streams.getOrDefault(Contexts.target(command), List.of()));
        if (outcome.refusal() != null) {
            tell("  refused: %s", outcome.refusal());
        }
        if (dies || outcome.events().stream().anyMatch(event -> event.getSequenceNumber() < stream(event).size())) {
            return;
        }
        for (DomainEventMessage<?> event : outcome.events()) {
            streams.computeIfAbsent(event.getAggregateIdentifier(), id -> new ArrayList<>()).add(event);
            append(event.getPayload());
        }
    }

    private List<DomainEventMessage<?>> stream(DomainEventMessage<?> event) {
        return streams.getOrDefault(event.getAggregateIdentifier(), List.of());
    }

    private void append(Object event) {
        log.add(new Stored(event, now));
        tell("  stored: %s", event);
        long before = invariants.found();
        invariants.on(event);
        if (invariants.found() > before) {
            tell("  VIOLATED: %s", invariants.report(false).violations());
        }
    }

    // --- timers and operators

    void ring(Alarm alarm) {
        tell("timer, %s", alarm.due.isAfter(now) ? "early" : "due");
        alarms.remove(alarm);
        append(alarm.elapsed);
    }

    void retry(Checkout waiting) {
        tell("an operator retries %s", waiting.paymentId());
        append(new RetryRequested(waiting.paymentId(), waiting.orderId(), waiting.round(), OPERATOR, REASON));
    }

    void callOff(Checkout going) {
        tell("an operator calls %s off", going.paymentId());
        append(new CompensationRequested(going.paymentId(), going.orderId(), OPERATOR, REASON));
    }

    /** @param round the timer that the operator saw as the last, which may have run down since */
    void park(Checkout going, int round) {
        tell("an operator parks %s at its timer %d", going.paymentId(), round);
        append(new ParkingRequested(going.paymentId(), going.orderId(), round, OPERATOR, REASON));
    }

    // --- the saga's processor

    /** Handles the next events, which are one batch. */
    void process(int size, Crash crash) {
        Progress done = handled(progress, size, crash);
        if (crash == Crash.NEVER) {
            progress = done;
        } else if (crash == Crash.BEFORE_THE_TOKEN_MOVES) {
            progress = new Progress(progress.token, done.checkouts);
        } else if (mutation.movesTokenFirst()) {
            progress = new Progress(done.token, progress.checkouts);
        }
    }

    /** Handles the next events but does not store it yet: it is stopped, and another may take its place. */
    Progress handleAndStop(int size) {
        return handled(progress, size, Crash.BEFORE_IT_STORES_WHAT_IT_TOLD);
    }

    /** It goes on, and stores what it handled before it was stopped, though another may have gone on meanwhile. */
    void storeLate(Progress handled, Progress asItWas) {
        if (mutation.fencesOffTheStale() || progress == asItWas) {
            return;
        }
        tell("the stopped processor goes on and stores what it had");
        Map<PaymentId, Kept> checkouts = new LinkedHashMap<>(progress.checkouts);
        handled.checkouts.forEach((payment, kept) -> {
            if (!kept.equals(asItWas.checkouts.get(payment))) {
                checkouts.put(payment, kept);
            }
        });
        progress = new Progress(progress.token, checkouts);
    }

    /** The saga's database falls back to what it was. */
    void fallBackTo(Progress earlier) {
        tell("the saga's database falls back to event %s", earlier.token);
        progress = earlier;
    }

    private Progress handled(Progress from, int size, Crash crash) {
        tell("the saga handles %s events, and crashes %s", size, crash);
        Map<PaymentId, Kept> checkouts = new LinkedHashMap<>(from.checkouts);
        List<CheckoutEvent> told = new ArrayList<>();
        for (Stored stored : List.copyOf(log.subList(from.token, from.token + size))) {
            PaymentId payment = concerned(stored.event);
            if (payment != null) {
                handle(stored, payment, checkouts, told);
            }
        }
        if (crash != Crash.BEFORE_IT_STORES) {
            told.forEach(this::append);
        }
        return new Progress(from.token + size, checkouts);
    }

    private void handle(Stored stored, PaymentId payment, Map<PaymentId, Kept> checkouts, List<CheckoutEvent> told) {
        Kept kept = checkouts.get(payment);
        if (kept == null && stored.event instanceof PaymentRequested request) {
            take(null, Checkout.start(request, stored.at, now, pace), checkouts, told);
        } else if (kept != null && !(stored.event instanceof PaymentRequested)) {
            boolean rung = stored.event instanceof TimerElapsed timer && timer.round() == kept.checkout.round();
            take(rung ? null : kept.alarm, mutation.hearing(kept.checkout, stored.event).on(stored.event, now, pace), checkouts, told);
        }
    }

    /** As the saga takes a turn of its checkout: it remembers, sends, and sets its timer. */
    private void take(@Nullable Integer running, Turn unmutated, Map<PaymentId, Kept> checkouts, List<CheckoutEvent> told) {
        Turn turn = mutation.turned(unmutated, now, pace);
        Integer alarm = running;
        turn.asks().stream().map(Ask::command).filter(mutation::sends).forEach(this::send);
        told.addAll(turn.told());
        if (turn.stopsTimer() && alarm != null) {
            int stopped = alarm;
            alarms.removeIf(set -> set.number == stopped);
            alarm = null;
        }
        if (turn.timer() != null && mutation.keepsTime()) {
            alarm = numbers++;
            alarms.add(new Alarm(alarm, now.plus(turn.timer().after()), turn.timer().elapsed()));
        }
        if (turn.checkout().state().hasEnded()) {
            checkouts.remove(turn.checkout().paymentId());
        } else {
            checkouts.put(turn.checkout().paymentId(), new Kept(turn.checkout(), alarm));
        }
    }

    /** The payment that the saga associates the event with; nothing if it does not handle such events. */
    static @Nullable PaymentId concerned(Object event) {
        if (event instanceof PaymentRequested e) {
            return e.paymentId();
        } else if (event instanceof PaymentTaken e) {
            return e.paymentId();
        } else if (event instanceof PaymentDeclined e) {
            return e.paymentId();
        } else if (event instanceof PaymentRefunded e) {
            return e.paymentId();
        } else if (event instanceof PaymentVoided e) {
            return e.paymentId();
        } else if (event instanceof StockDeducted e) {
            return e.paymentId();
        } else if (event instanceof StockDeductionRefused e) {
            return e.paymentId();
        } else if (event instanceof StockRestored e) {
            return e.paymentId();
        } else if (event instanceof StockDeductionVoided e) {
            return e.paymentId();
        } else if (event instanceof CouponUsed e) {
            return e.paymentId();
        } else if (event instanceof CouponUseRefused e) {
            return e.paymentId();
        } else if (event instanceof CouponRestored e) {
            return e.paymentId();
        } else if (event instanceof CouponUseVoided e) {
            return e.paymentId();
        } else if (event instanceof OrderCompleted e) {
            return e.paymentId();
        } else if (event instanceof PaymentFailed e) {
            return e.paymentId();
        } else if (event instanceof TimerElapsed e) {
            return e.paymentId();
        }
        return interventionIn(event);
    }

    private static @Nullable PaymentId interventionIn(Object event) {
        if (event instanceof RetryRequested e) {
            return e.paymentId();
        } else if (event instanceof CompensationRequested e) {
            return e.paymentId();
        }
        return event instanceof ParkingRequested e ? e.paymentId() : null;
    }

    /** Moves past events that the saga does not handle, as its processor does without a batch. */
    void skip() {
        int token = progress.token;
        while (token < log.size() && concerned(log.get(token).event) == null) {
            token++;
        }
        progress = token == progress.token ? progress : new Progress(token, progress.checkouts);
    }

    // --- the settlement

    /**
     * Settles all that is completed, a wallet and a product at a time.
     *
     * @param arrive how many of its commands arrive; when not all do, the batch comes again
     * @param crashes whether it comes again though all arrived
     * @return the commands
     */
    List<Object> settle(int arrive, boolean crashes) {
        tell("settlement, %s commands arrive%s", arrive, crashes ? ", then it crashes" : "");
        Map<WalletId, Set<PaymentId>> payments = new LinkedHashMap<>();
        Map<ProductId, Set<PaymentId>> deductions = new LinkedHashMap<>();
        int end = log.size();
        for (Stored stored : log.subList(settled, end)) {
            if (stored.event instanceof OrderCompleted completed) {
                payments.computeIfAbsent(WalletId.of(completed.customerId()), id -> new LinkedHashSet<>()).add(completed.paymentId());
                completed.basket().lines().forEach(line ->
                        deductions.computeIfAbsent(line.productId(), id -> new LinkedHashSet<>()).add(completed.paymentId()));
            }
        }
        List<Object> commands = new ArrayList<>();
        payments.forEach((wallet, ids) -> commands.add(new SettlePayments(wallet, ids)));
        deductions.forEach((product, ids) -> commands.add(new SettleDeductions(product, ids)));
        commands.stream().limit(arrive).forEach(command -> handle(command, false));
        if (arrive >= commands.size() && !crashes) {
            settled = end;
        }
        return commands;
    }

    private void tell(String what, Object... about) {
        if (trace != null) {
            trace.accept("[" + now.getEpochSecond() % 100_000 + "." + now.getNano() / 1_000_000 + "] " + String.format(what, about));
        }
    }
}
