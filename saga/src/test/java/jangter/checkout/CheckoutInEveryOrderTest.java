package jangter.checkout;

import static jangter.checkout.Sample.*;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.checkout.Checkout.State;
import jangter.checkout.Turn.Ask;
import jangter.coupon.api.CouponCommand;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.coupon.api.CouponEvent;
import jangter.inventory.api.InventoryCommand;
import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.inventory.api.InventoryEvent;
import jangter.kernel.ProductId;
import jangter.order.api.OrderCommand;
import jangter.order.api.OrderCommand.CompleteOrder;
import jangter.order.api.OrderCommand.FailPayment;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.payment.api.PaymentCommand;
import jangter.payment.api.PaymentCommand.TakePayment;
import jangter.payment.api.PaymentEvent.DeclineReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One checkout among contexts that are reduced to their rule of idempotency, searched through completely: every order in which commands
 * and events can arrive, every refusal, and up to so many faults (a command lost or delivered twice, an event given twice or given again
 * because the checkout it made was not kept, a timer that runs down although answers are on their way).
 */
class CheckoutInEveryOrderTest {

    private static final Pace HASTY = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 2, PACE.timeToPayAgain());

    /** What a context holds of the payment. */
    private enum Held { NOTHING_YET, SOMETHING, NOTHING_MORE, VOID }

    private enum Order { PAYING, COMPLETED, FAILED }

    /**
     * @param held by the target of its commands: the wallet, a product, the coupon
     * @param commands on their way; in any order
     * @param events on their way; those of one target in their order
     * @param faults how many may still happen
     */
    private record World(Checkout checkout, Turn.@Nullable Timer timer, Order order, Map<Object, Held> held, Set<Object> commands,
            Map<Object, List<Object>> events, int faults) {

        boolean rests() {
            return commands.isEmpty() && events.isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false, 4", "1, true, 4", "2, false, 3", "2, true, 3", "3, true, 2"})
    void whatever_the_order_and_the_faults_all_is_kept_or_nothing_is(int lines, boolean coupon, int faults) {
        PaymentRequested request = requested(coupon ? threeLinesAndCoupon().basket().coupon() : null, List.of(TEA, CUP, POT).subList(0, lines)
                .toArray(ProductId[]::new));
        Map<State, Integer> ends = search(request, faults);

        assertThat(ends.get(State.COMPLETED)).isPositive();
        assertThat(ends.get(State.FAILED)).isPositive();
        assertThat(ends.keySet()).containsExactlyInAnyOrder(State.COMPLETED, State.FAILED);
    }

    /** Visits every world that can come of the request. Returns in how many of them all came to rest, by the checkout's end. */
    private static Map<State, Integer> search(PaymentRequested request, int faults) {
        Map<State, Integer> ends = new EnumMap<>(State.class);
        Turn start = Checkout.start(request, REQUESTED_AT, NOW, HASTY);
        World first = kept(new World(start.checkout(), null, Order.PAYING, Map.of(), Set.of(), Map.of(), faults), start);
        Set<World> seen = new HashSet<>(Set.of(first));
        Deque<World> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            World world = open.pop();
            check(world, request);
            List<World> next = next(world);
            if (next.isEmpty()) {
                ends.merge(world.checkout().state(), 1, Integer::sum);
            }
            for (World successor : next) {
                if (seen.add(successor)) {
                    open.push(successor);
                }
            }
        }
        return ends;
    }

    private static void check(World world, PaymentRequested request) {
        int things = 1 + request.basket().lines().size() + (request.basket().coupon() == null ? 0 : 1);
        long kept = world.held().values().stream().filter(Held.SOMETHING::equals).count();
        if (world.order() == Order.COMPLETED) {
            assertThat(kept).as("things kept for a completed order in %s", world).isEqualTo(things);
        }
        if (world.order() == Order.FAILED) {
            assertThat(kept).as("things kept for a failed order in %s", world).isZero();
        }
        if (world.checkout().state().hasEnded()) {
            assertThat(world.order().name()).as("order in %s", world).isEqualTo(world.checkout().state().name());
        } else if (world.rests()) {
            assertThat(world.timer() != null || world.checkout().state() == State.PARKED).as("someone goes on with %s", world).isTrue();
        }
    }

    // --- everything that can happen next

    private static List<World> next(World world) {
        List<World> next = new ArrayList<>();
        for (Object command : world.commands()) {
            World without = with(world, without(world.commands(), command));
            next.addAll(handled(without, command));
            if (world.faults() > 0) {
                next.add(faulty(without));
                next.addAll(handled(faulty(world), command));
            }
        }
        for (Map.Entry<Object, List<Object>> queue : world.events().entrySet()) {
            Object event = queue.getValue().get(0);
            Turn turn = world.checkout().on(event, NOW, HASTY);
            next.add(kept(with(world, withoutFirst(world.events(), queue.getKey())), turn));
            if (world.faults() > 0) {
                next.add(kept(faulty(world), turn));
            }
        }
        if (world.timer() != null && (world.rests() || world.faults() > 0)) {
            World rung = new World(world.checkout(), null, world.order(), world.held(), world.commands(), world.events(),
                    world.rests() ? world.faults() : world.faults() - 1);
            next.add(kept(rung, world.checkout().on(world.timer().elapsed(), NOW, HASTY)));
        }
        if (world.checkout().state() == State.PARKED && world.rests()) {
            next.add(kept(world, world.checkout().on(retry(world.checkout().round()), NOW, HASTY)));
        }
        return next;
    }

    private static World kept(World world, Turn turn) {
        Turn.Timer timer = turn.stopsTimer() ? turn.timer() : world.timer();
        return sent(new World(turn.checkout(), timer, world.order(), world.held(), world.commands(), world.events(), world.faults()), turn);
    }

    private static World sent(World world, Turn turn) {
        Set<Object> commands = new HashSet<>(world.commands());
        turn.asks().stream().map(Ask::command).forEach(commands::add);
        return with(world, commands);
    }

    // --- the contexts

    private static List<World> handled(World world, Object command) {
        if (command instanceof OrderCommand order) {
            return List.of(handledByOrder(world, order));
        }
        Object target = target(command);
        Held held = world.held().getOrDefault(target, Held.NOTHING_YET);
        boolean forward = command instanceof TakePayment || command instanceof DeductStock || command instanceof UseCoupon;
        if (forward) {
            return switch (held) {
                case NOTHING_YET -> List.of(with(world, target, Held.SOMETHING, done(command)),
                        with(world, target, Held.NOTHING_MORE, refused(command, false)));
                case VOID -> List.of(with(world, target, Held.NOTHING_MORE, refused(command, true)));
                case SOMETHING, NOTHING_MORE -> List.of(world);
            };
        }
        return switch (held) {
            case NOTHING_YET -> List.of(with(world, target, Held.VOID, voided(command)));
            case SOMETHING -> List.of(with(world, target, Held.NOTHING_MORE, undone(command)));
            case VOID, NOTHING_MORE -> List.of(world);
        };
    }

    private static World handledByOrder(World world, OrderCommand command) {
        if (world.order() != Order.PAYING) {
            return world;
        }
        if (command instanceof CompleteOrder) {
            return with(world, Order.COMPLETED, completed(world.checkout().request()));
        }
        return with(world, Order.FAILED, failed(((FailPayment) command).reason()));
    }

    private static Object target(Object command) {
        if (command instanceof PaymentCommand payment) {
            return payment.walletId();
        }
        return command instanceof InventoryCommand stock ? stock.productId() : COUPON;
    }

    private static Object done(Object command) {
        if (command instanceof PaymentCommand) {
            return taken();
        }
        return command instanceof InventoryCommand stock ? deducted(stock.productId()) : couponUsed();
    }

    private static Object refused(Object command, boolean isVoid) {
        if (command instanceof PaymentCommand) {
            return declined(isVoid ? DeclineReason.VOIDED : DeclineReason.INSUFFICIENT_BALANCE);
        }
        if (command instanceof InventoryCommand stock) {
            return deductionRefused(stock.productId(),
                    isVoid ? InventoryEvent.RefusedBecause.VOIDED : InventoryEvent.RefusedBecause.OUT_OF_STOCK);
        }
        return couponRefused(isVoid ? CouponEvent.RefusedBecause.VOIDED : CouponEvent.RefusedBecause.EXPIRED);
    }

    private static Object undone(Object command) {
        if (command instanceof PaymentCommand) {
            return refunded();
        }
        return command instanceof InventoryCommand stock ? restored(stock.productId()) : couponRestored();
    }

    private static Object voided(Object command) {
        if (command instanceof PaymentCommand) {
            return paymentVoided();
        }
        return command instanceof CouponCommand ? couponVoided() : deductionVoided(((InventoryCommand) command).productId());
    }

    // --- worlds that differ in one thing

    private static World with(World world, Set<Object> commands) {
        return new World(world.checkout(), world.timer(), world.order(), world.held(), commands, world.events(), world.faults());
    }

    private static World with(World world, Map<Object, List<Object>> events) {
        return new World(world.checkout(), world.timer(), world.order(), world.held(), world.commands(), events, world.faults());
    }

    private static World with(World world, Order order, Object event) {
        return with(new World(world.checkout(), world.timer(), order, world.held(), world.commands(), world.events(), world.faults()),
                withLast(world.events(), ORDER, event));
    }

    private static World with(World world, Object target, Held held, Object event) {
        Map<Object, Held> changed = new HashMap<>(world.held());
        changed.put(target, held);
        return with(new World(world.checkout(), world.timer(), world.order(), changed, world.commands(), world.events(), world.faults()),
                withLast(world.events(), target, event));
    }

    private static World faulty(World world) {
        return new World(world.checkout(), world.timer(), world.order(), world.held(), world.commands(), world.events(), world.faults() - 1);
    }

    private static Set<Object> without(Set<Object> commands, Object command) {
        return commands.stream().filter(other -> !other.equals(command)).collect(Collectors.toSet());
    }

    private static Map<Object, List<Object>> withoutFirst(Map<Object, List<Object>> events, Object target) {
        Map<Object, List<Object>> changed = new HashMap<>(events);
        List<Object> rest = events.get(target).subList(1, events.get(target).size());
        if (rest.isEmpty()) {
            changed.remove(target);
        } else {
            changed.put(target, List.copyOf(rest));
        }
        return changed;
    }

    private static Map<Object, List<Object>> withLast(Map<Object, List<Object>> events, Object target, Object event) {
        Map<Object, List<Object>> changed = new HashMap<>(events);
        List<Object> longer = new ArrayList<>(events.getOrDefault(target, List.of()));
        longer.add(event);
        changed.put(target, List.copyOf(longer));
        return changed;
    }
}
