package jangter.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import jangter.checkout.Checkout;
import jangter.checkout.Pace;
import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.kernel.CampaignId;
import jangter.kernel.ChargeId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.WalletId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderCommand.PlaceOrder;
import jangter.order.api.OrderCommand.RequestPayment;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentCommand.ChargeWallet;
import jangter.proof.World.Alarm;
import jangter.proof.World.Crash;
import jangter.proof.World.Delivery;
import jangter.proof.World.Letter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

/**
 * One checkout over the real aggregates, searched through completely: every order in which commands arrive and events are handled, with
 * every choice of so many faults at every point where one can happen. Worlds that can have no other future are visited once.
 *
 * <p>The faults: a command is lost; it arrives twice; a batch of events, of any size, is handled and the process dies before it stores
 * anything, or before it moves its token; a timer runs down though not all is quiet; the settlement is told again; an operator
 * steps in, which counts as two. Each timer that runs down
 * when all is quiet, and each retry of what is parked, is free. The time stands still: only the coupon's expiry would depend on it.
 *
 * <p>{@code -Dfaults=N} searches further than usual: with 4 some 5,700,000 worlds, in minutes.
 */
class EveryWorldTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Pace HASTY = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 2, Duration.ofMinutes(30));
    private static final CustomerId ALICE = new CustomerId("alice");
    private static final OrderId ORDER = new OrderId("order-1");
    private static final CouponId COUPON = new CouponId("coupon-1");
    private static final CampaignId CAMPAIGN = new CampaignId("campaign-1");

    /** Between the parts of a key; larger than any number. */
    private static final char AND = Character.MAX_VALUE;

    /** A world, how many faults may still happen in it, and how it came about. */
    private record Visited(World world, int faults, @Nullable Visited before, String happened) {
    }

    private final Map<Object, Integer> numbers = new HashMap<>();
    private final Map<String, Contexts.Outcome> outcomes = new HashMap<>();
    private final Contexts contexts = new Contexts(Mutation.NONE);

    @ParameterizedTest(name = "{0} lines, coupon {1}, balance {2}, stock {3}, cancelled {4}, up to {5} faults")
    @CsvSource({
        "1, NONE,   10000, 10, false, 4",
        "1, GOOD,   10000, 10, false, 4",
        "2, NONE,   10000, 10, false, 3",
        "2, GOOD,   10000, 10, false, 3",
        "2, GOOD,     100, 10, false, 3",
        "2, GOOD,   10000,  0, false, 3",
        "2, WRONG,  10000, 10, false, 3",
        "1, GOOD,   10000, 10, true,  3"})
    void whatever_the_order_and_the_faults_all_is_kept_or_nothing_is(int lines, String coupon, long balance, int stock, boolean cancelled,
            int usualFaults) {
        int faults = Integer.getInteger("faults", usualFaults);
        long started = System.nanoTime();
        long rested;
        Set<String> seen = new HashSet<>();
        try (SimulatedClock clock = new SimulatedClock()) {
            rested = search(begin(clock, lines, coupon, balance, stock, cancelled), faults, seen);
        }
        System.out.printf("%d lines, coupon %s, balance %d, stock %d, cancelled %s, up to %d faults: "
                + "%d worlds visited, %d of them at rest, in %.1f s%n", lines, coupon, balance, stock, cancelled, faults, seen.size(), rested, (System.nanoTime() - started) / 1e9);
        assertThat(rested).isPositive();
    }

    private World begin(SimulatedClock clock, int lines, String coupon, long balance, int stock, boolean cancelled) {
        World world = new World(HASTY, Mutation.NONE, clock, NOW, this::handle, null);
        world.handle(new ChargeWallet(WalletId.of(ALICE), new ChargeId("charge-1"), won(balance)), false);
        List<OrderLine> ordered = IntStream.rangeClosed(1, lines)
                .mapToObj(n -> new OrderLine(new ProductId("product-" + n), new Quantity(2), won(1_000))).toList();
        for (OrderLine line : ordered) {
            // only the last of them may be short
            int pieces = line == ordered.get(lines - 1) ? stock : 10;
            world.handle(new RegisterProduct(line.productId(), new Name("Tea"), won(1_000), new Quantity(pieces)), false);
        }
        world.handle(new LaunchCampaign(CAMPAIGN, new Name("Tea"), new Discount.Fixed(won(500)), new Quantity(1),
                new Window(NOW, NOW.plusSeconds(60)), Duration.ofDays(1)), false);
        world.handle(new IssueCoupon(CAMPAIGN, COUPON, ALICE), false);
        AppliedCoupon applied = coupon.equals("NONE") ? null : new AppliedCoupon(COUPON, won(coupon.equals("GOOD") ? 500 : 400));
        world.handle(new PlaceOrder(ORDER, ALICE, new Basket(ordered, applied), NOW.plusSeconds(600)), false);
        world.send(new RequestPayment(ORDER, new PaymentId("payment-1"), ALICE));
        if (cancelled) {
            world.send(new CancelOrder(ORDER, ALICE));
        }
        return world;
    }

    private static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    /** Visits every world that can come of the first one. Returns how many of them are at rest. */
    private long search(World first, int faults, Set<String> seen) {
        long rested = 0;
        Deque<Visited> open = new ArrayDeque<>();
        first.skip();
        open.push(new Visited(first, faults, null, "it begins"));
        seen.add(key(first, faults));
        while (!open.isEmpty()) {
            Visited visited = open.pop();
            List<Visited> next = next(visited);
            if (next.isEmpty()) {
                rested++;
                check(visited, true);
            }
            for (Visited successor : next) {
                if (seen.add(key(successor.world, successor.faults))) {
                    check(successor, false);
                    open.push(successor);
                }
            }
        }
        return rested;
    }

    private static void check(Visited visited, boolean atRest) {
        Report report = visited.world.report(atRest);
        if (!report.holds() || atRest && !visited.world.progress().checkouts().isEmpty()) {
            List<String> trace = new ArrayList<>();
            for (Visited step = visited; step != null; step = step.before) {
                trace.add(0, step.happened);
            }
            fail("%s%nIt came about so:%n%s", report, String.join("\n", trace));
        }
    }

    // --- everything that can happen next

    private static List<Visited> next(Visited visited) {
        World world = visited.world;
        List<Visited> next = new ArrayList<>();
        Set<Object> commands = new HashSet<>();
        for (Letter letter : world.letters()) {
            if (commands.add(letter.command())) {
                add(next, visited, 0, "it arrives: " + letter.command(), w -> w.deliver(letter, Delivery.ARRIVES));
                add(next, visited, 1, "it is lost: " + letter.command(), w -> w.deliver(letter, Delivery.IS_LOST));
                add(next, visited, 1, "it arrives and stays: " + letter.command(), w -> w.deliver(letter, Delivery.ARRIVES_AND_STAYS));
            }
        }
        for (int size = 1; size <= world.unread().size(); size++) {
            int handled = size;
            if (size == 1) {
                add(next, visited, 0, "the saga handles an event", w -> w.process(1, Crash.NEVER));
            }
            add(next, visited, 1, "the saga handles " + size + ", stores nothing", w -> w.process(handled, Crash.BEFORE_IT_STORES));
            add(next, visited, 1, "the saga handles " + size + ", does not move its token", w -> w.process(handled, Crash.BEFORE_THE_TOKEN_MOVES));
        }
        if (world.unsettled() > 0) {
            add(next, visited, 0, "it is settled", w -> w.settle(Integer.MAX_VALUE, false));
            add(next, visited, 1, "it is settled, and will be again", w -> w.settle(Integer.MAX_VALUE, true));
        }
        boolean quiet = world.letters().isEmpty() && world.unread().isEmpty();
        for (Alarm alarm : world.alarms()) {
            add(next, visited, quiet ? 0 : 1, "a timer runs down: " + alarm.elapsed(), w -> w.ring(alarm));
        }
        if (quiet && world.alarms().isEmpty()) {
            world.parked().forEach(parked -> add(next, visited, 0, "an operator retries", w -> w.retry(parked)));
        }
        for (Checkout going : world.open()) {
            add(next, visited, 2, "an operator has it sent now", w -> w.retry(going));
            add(next, visited, 2, "an operator calls it off", w -> w.callOff(going));
            add(next, visited, 2, "an operator parks it", w -> w.park(going, going.round()));
            add(next, visited, 2, "an operator parks it late", w -> w.park(going, Math.max(1, going.round() - 1)));
        }
        return next;
    }

    private static void add(List<Visited> next, Visited visited, int fault, String happened, Consumer<World> happens) {
        if (visited.faults >= fault) {
            World world = visited.world.copy();
            happens.accept(world);
            world.skip();
            next.add(new Visited(world, visited.faults - fault, visited, happened));
        }
    }

    // --- worlds that can have no other future

    /** All that its future depends on. */
    private String key(World world, int faults) {
        StringBuilder key = new StringBuilder().append((char) faults).append((char) world.unsettled());
        world.streams().forEach((id, stream) -> key.append(AND).append((char) number(id)).append(key(stream)));
        key.append(AND);
        world.unread().forEach(event -> key.append((char) number(event)));
        key.append(AND);
        world.progress().checkouts().values().forEach(kept -> key.append((char) number(kept.checkout()))
                .append(world.alarms().stream().anyMatch(alarm -> Integer.valueOf(alarm.number()).equals(kept.alarm()))));
        key.append(AND);
        world.letters().stream().mapToInt(letter -> number(letter.command())).sorted().forEach(number -> key.append((char) number));
        key.append(AND);
        world.alarms().stream().mapToInt(alarm -> number(alarm.elapsed())).sorted().forEach(number -> key.append((char) number));
        return key.toString();
    }

    private String key(List<DomainEventMessage<?>> stream) {
        StringBuilder key = new StringBuilder();
        stream.forEach(event -> key.append((char) number(event.getPayload())));
        return key.toString();
    }

    private int number(Object thing) {
        Integer known = numbers.putIfAbsent(thing, numbers.size() + 1);
        return known == null ? numbers.size() : known;
    }

    /** The same command in the same history has the same outcome, so it is worked out once. */
    private Contexts.Outcome handle(Object command, List<DomainEventMessage<?>> stream) {
        String key = (char) number(command) + key(stream);
        Contexts.Outcome known = outcomes.get(key);
        if (known == null) {
            contexts.crash();
            known = contexts.handle(command, stream);
            outcomes.put(key, known);
        }
        return known;
    }
}
