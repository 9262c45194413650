package jangter.proof;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.checkout.Checkout;
import jangter.checkout.Pace;
import jangter.checkout.Turn;
import jangter.checkout.Turn.Ask;
import jangter.checkout.api.CheckoutEvent.CompensationRequested;
import jangter.checkout.api.Step;
import jangter.coupon.api.CouponCommand.RestoreCoupon;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.coupon.api.CouponEvent.CampaignLaunched;
import jangter.coupon.api.CouponEvent.CouponClaimed;
import jangter.coupon.api.CouponEvent.CouponRestored;
import jangter.coupon.api.CouponEvent.CouponUseVoided;
import jangter.coupon.api.CouponEvent.CouponUsed;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.kernel.CustomerId;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import jangter.kernel.Quantity;
import jangter.order.api.OrderCommand.CompleteOrder;
import jangter.order.api.OrderEvent.PaymentRequested;
import jangter.order.api.OrderStatus;
import jangter.payment.api.PaymentCommand.RefundPayment;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import jangter.proof.RandomWorld.Ending;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of the shop, broken one at a time: a simulation that did not notice would prove nothing. The names of the tests say which rule
 * is broken and which invariants are expected to tell.
 */
class MutationTest {

    private static final int WORLDS = 10_000;
    /** Whoever sources this event thinks that it was about a payment of which nobody ever heard. */
    private static final PaymentId NOBODYS = new PaymentId("payment-nobodys");

    static Stream<Arguments> mutations() {
        return Stream.of(
                broken("a wallet drops its void marks", Invariant.STEP_IS_DONE_ONCE_AND_AS_ORDERED, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof PaymentVoided e ? new PaymentVoided(e.walletId(), NOBODYS, e.orderId(), e.requestedAt()) : event;
                    }
                }),
                broken("a product drops its void marks", Invariant.STEP_IS_DONE_ONCE_AND_AS_ORDERED, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof StockDeductionVoided e
                                ? new StockDeductionVoided(e.productId(), NOBODYS, e.orderId(), e.requestedAt()) : event;
                    }
                }),
                broken("a coupon drops its void marks", Invariant.STEP_IS_DONE_ONCE_AND_AS_ORDERED, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof CouponUseVoided e
                                ? new CouponUseVoided(e.couponId(), NOBODYS, e.orderId(), e.requestedAt()) : event;
                    }
                }),
                broken("the payment is failed before the stock is known to be restored", Invariant.FAILED_KEEPS_NOTHING,
                        unconfirmed(RestoreStock.class)),
                broken("the payment is failed before the refund is confirmed", Invariant.FAILED_KEEPS_NOTHING, unconfirmed(RefundPayment.class)),
                broken("the payment is failed before the coupon is known to be restored", Invariant.STEP_IS_DONE_ONCE_AND_AS_ORDERED,
                        unconfirmed(RestoreCoupon.class)),
                broken("the order is completed before the coupon is known to be used", Invariant.COMPLETED_HAS_USED_ITS_COUPON,
                        unconfirmed(UseCoupon.class)),
                broken("nobody remembers payments", Invariant.STEP_IS_DONE_ONCE_AND_AS_ORDERED, new Mutation() {
                    @Override
                    void loaded(Object aggregate) {
                        set(aggregate, "payments", new PaymentMemory<>());
                    }
                }),
                broken("the token moves before the checkouts are stored", Invariant.AT_REST_NOTHING_IS_UNFINISHED, new Mutation() {
                    @Override
                    boolean movesTokenFirst() {
                        return true;
                    }
                }),
                broken("nobody keeps time", Invariant.AT_REST_NOTHING_IS_UNFINISHED, new Mutation() {
                    @Override
                    boolean keepsTime() {
                        return false;
                    }
                }),
                broken("a checkout is called off while its order is being completed", Invariant.COMPLETED_IS_PAID, new Mutation() {
                    @Override
                    Checkout hearing(Checkout checkout, Object event) {
                        return event instanceof CompensationRequested && checkout.step() == Step.COMPLETE_ORDER
                                ? new Checkout(checkout.request(), checkout.requestedAt(), checkout.marks(), checkout.state(), Step.USE_COUPON,
                                        checkout.attempt(), checkout.round(), checkout.stoodAt(), checkout.timed(), checkout.reason())
                                : checkout;
                    }
                }),
                broken("refunds are never sent", Invariant.AT_REST_NOTHING_IS_UNFINISHED, never(RefundPayment.class)),
                broken("completions are never sent", Invariant.AT_REST_NOTHING_IS_UNFINISHED, never(CompleteOrder.class)),
                broken("a campaign issues one too many", Invariant.CAMPAIGN_KEEPS_TO_ITS_QUANTITY, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof CampaignLaunched e ? new CampaignLaunched(e.campaignId(), e.name(), e.discount(),
                                e.quantity().plus(new Quantity(1)), e.window(), e.validFor()) : event;
                    }
                }),
                broken("a campaign forgets who has a coupon", Invariant.ONE_COUPON_A_CUSTOMER, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof CouponClaimed e
                                ? new CouponClaimed(e.campaignId(), e.couponId(), new CustomerId("nobody"), e.remaining()) : event;
                    }
                }),
                broken("a spent coupon is spent again", Invariant.COUPON_IS_USED_ONCE_AT_A_TIME, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof CouponUsed e ? new CouponRestored(e.couponId(), e.paymentId(), e.orderId(),
                                e.customerId(), e.requestedAt()) : event;
                    }
                }),
                broken("a wallet forgets that it paid", Invariant.BALANCE_IS_THE_SUM, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof PaymentTaken e ? new PaymentTaken(e.walletId(), e.paymentId(), e.orderId(), e.amount(),
                                e.balance().plus(e.amount()), e.requestedAt()) : event;
                    }
                }),
                broken("a product forgets that it was sold", Invariant.STOCK_IS_THE_SUM, new Mutation() {
                    @Override
                    Object sourced(Object event) {
                        return event instanceof StockDeducted e ? new StockDeducted(e.productId(), e.paymentId(), e.orderId(), e.quantity(),
                                e.stock().plus(e.quantity()), e.requestedAt()) : event;
                    }
                }),
                broken("an order forgets that it is being paid", Invariant.ONE_CHECKOUT_AT_A_TIME, new Mutation() {
                    @Override
                    void loaded(Object aggregate) {
                        if (aggregate.getClass().getSimpleName().equals("Order") && "PAYING".equals(String.valueOf(get(aggregate, "status")))) {
                            set(aggregate, "status", OrderStatus.PENDING);
                        }
                    }
                }),
                broken("a processor that was stopped stores its checkouts over those of its successor", Invariant.AT_REST_NOTHING_IS_UNFINISHED,
                        new Mutation() {
                            @Override
                            boolean fencesOffTheStale() {
                                return false;
                            }
                        }));
    }

    @ParameterizedTest(name = "when {0}, {1} does not hold")
    @MethodSource("mutations")
    void a_broken_rule_is_noticed(String what, Invariant expected, Mutation mutation) {
        Set<Invariant> violated = new TreeSet<>();
        List<Long> noticed = new ArrayList<>();
        String first = "";
        try (SimulatedClock clock = new SimulatedClock()) {
            for (long seed = 1; seed <= WORLDS && !violated.contains(expected); seed++) {
                Ending ending;
                try {
                    ending = RandomWorld.play(seed, mutation, clock, null);
                } catch (AssertionError broken) {
                    // noticed as well, by an aggregate that meets what it takes for impossible; but not by what is expected here
                    continue;
                }
                if (!ending.isWell()) {
                    noticed.add(seed);
                    ending.report().violations().forEach(violation -> violated.add(violation.invariant()));
                    first = ending.report().violations().stream().filter(violation -> violation.invariant() == expected)
                            .map(Violation::toString).findFirst().orElse(first);
                    if (!ending.report().parked().isEmpty() || !ending.rests()) {
                        // parked, and parked again however often it is retried
                        violated.add(Invariant.AT_REST_NOTHING_IS_UNFINISHED);
                        first = first.isEmpty() ? "Checkouts stay parked, however often they are retried: " + ending.report().parked() : first;
                    }
                }
            }
        }
        assertThat(violated).as("what the simulation says when %s", what).contains(expected);
        System.out.println("When " + what + ", world " + noticed.get(noticed.size() - 1) + " shows it. " + first);
    }

    private static Arguments broken(String what, Invariant noticedBy, Mutation mutation) {
        return Arguments.of(what, noticedBy, mutation);
    }

    private static Mutation never(Class<?> command) {
        return new Mutation() {
            @Override
            boolean sends(Object sent) {
                return !command.isInstance(sent);
            }
        };
    }

    /** The checkout is told that the command is answered in the moment in which it is sent. */
    private static Mutation unconfirmed(Class<?> command) {
        return new Mutation() {
            @Override
            Turn turned(Turn turn, Instant now, Pace pace) {
                Turn told = turn;
                for (Ask ask : turn.asks()) {
                    if (command.isInstance(ask.command())) {
                        told = joined(told, told.checkout().on(answer(told.checkout(), ask.command()), now, pace));
                    }
                }
                return told;
            }
        };
    }

    private static Turn joined(Turn first, Turn second) {
        return new Turn(second.checkout(), second.answered(), Stream.concat(first.asks().stream(), second.asks().stream()).toList(),
                Stream.concat(first.told().stream(), second.told().stream()).toList(), second.timer() == null ? first.timer() : second.timer());
    }

    private static Object answer(Checkout checkout, Object command) {
        PaymentRequested request = checkout.request();
        if (command instanceof RestoreStock c) {
            return new StockDeductionVoided(c.productId(), c.paymentId(), c.orderId(), c.requestedAt());
        }
        if (command instanceof RefundPayment c) {
            return new PaymentVoided(c.walletId(), c.paymentId(), c.orderId(), c.requestedAt());
        }
        if (command instanceof RestoreCoupon c) {
            return new CouponUseVoided(c.couponId(), c.paymentId(), c.orderId(), c.requestedAt());
        }
        UseCoupon use = (UseCoupon) command;
        return new CouponUsed(use.couponId(), use.paymentId(), use.orderId(), request.customerId(), use.discount(), use.requestedAt());
    }

    // --- what an aggregate keeps to itself

    private static Object get(Object aggregate, String name) {
        try {
            return field(aggregate, name).get(aggregate);
        } catch (ReflectiveOperationException changed) {
            throw new AssertionError(changed);
        }
    }

    private static void set(Object aggregate, String name, Object value) {
        if (Stream.of(aggregate.getClass().getDeclaredFields()).noneMatch(field -> field.getName().equals(name)
                && field.getType().isInstance(value))) {
            return;
        }
        try {
            field(aggregate, name).set(aggregate, value);
        } catch (ReflectiveOperationException changed) {
            throw new AssertionError(changed);
        }
    }

    private static Field field(Object aggregate, String name) throws NoSuchFieldException {
        Field field = aggregate.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
