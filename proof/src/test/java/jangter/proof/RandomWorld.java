package jangter.proof;

import jangter.checkout.Checkout;
import jangter.checkout.Pace;
import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.inventory.api.InventoryCommand.AddStock;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.kernel.CampaignId;
import jangter.kernel.ChargeId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.WalletId;
import jangter.order.api.AppliedCoupon;
import jangter.order.api.Basket;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderCommand.ExpireOrder;
import jangter.order.api.OrderCommand.PlaceOrder;
import jangter.order.api.OrderCommand.RequestPayment;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentCommand.ChargeWallet;
import jangter.proof.World.Alarm;
import jangter.proof.World.Crash;
import jangter.proof.World.Delivery;
import jangter.proof.World.Letter;
import jangter.proof.World.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A small shop with a few customers, orders, pieces and coupons too few, and everything that can go wrong, all drawn from one seed. First
 * it is played with faults, then it is let rest without any, and then operators let go on what is parked.
 */
final class RandomWorld {

    private static final Instant OPENS = Instant.parse("2026-11-22T10:00:00Z");
    private static final String CURRENCY = "KRW";
    private static final CampaignId CAMPAIGN = new CampaignId("campaign-1");
    private static final String NOBODY = "nobody";
    private static final List<String> CONTEXTS = List.of("order", "wallet", "product", "coupon");
    /** Far more than any world needs to come to rest. */
    private static final int RESTLESS = 20_000;

    private final SplittableRandom random;
    private final World world;
    private final Mutation mutation;
    private final Contexts contexts;
    /** Of a hundred things that can fail, how many do. */
    private final int faulty;
    /** How many milliseconds a step takes at most: in a slow world timers run out before anything is answered. */
    private final int slowness;

    private final List<CustomerId> customers;
    private final List<ProductId> products;
    /** What customers will still do, in any order. */
    private final List<Object> wishes = new ArrayList<>();
    /** Commands that the network holds back for long. */
    private final Set<Letter> heldBack = new LinkedHashSet<>();
    /** How the ids of the context begin that cannot be reached. */
    private String away = NOBODY;
    private final List<Progress> earlier = new ArrayList<>();
    private int lettersSeen;

    /** What a processor had handled when it was stopped, and what it had handled it from. */
    private record Stopped(Progress handled, Progress from) {
    }

    private @Nullable Stopped stopped;

    /** How it ended. */
    record Ending(Report report, boolean rests, int steps) {

        boolean isWell() {
            return rests && report.holds() && report.parked().isEmpty();
        }
    }

    private RandomWorld(long seed, Mutation mutation, SimulatedClock clock, @Nullable Consumer<String> trace) {
        random = new SplittableRandom(seed);
        this.mutation = mutation;
        contexts = new Contexts(mutation);
        Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(4), 1 + random.nextInt(3), 1 + random.nextInt(3), Duration.ofMinutes(30));
        world = new World(pace, mutation, clock, OPENS, contexts::handle, trace);
        faulty = new int[] {0, 3, 10, 25, 50}[random.nextInt(5)];
        slowness = new int[] {50, 200, 600}[random.nextInt(3)];
        customers = IntStream.rangeClosed(1, 1 + random.nextInt(3)).mapToObj(n -> new CustomerId("customer-" + n)).toList();
        products = IntStream.rangeClosed(1, 1 + random.nextInt(3)).mapToObj(n -> new ProductId("product-" + n)).toList();
    }

    static Ending play(long seed, Mutation mutation, SimulatedClock clock, @Nullable Consumer<String> trace) {
        return new RandomWorld(seed, mutation, clock, trace).play();
    }

    private Ending play() {
        open();
        int busy = 40 + random.nextInt(120);
        int steps = 0;
        while (steps < busy) {
            step();
            steps++;
        }
        wake();
        wishes.forEach(world::send);
        if (faulty > 0 && chance(40)) {
            away = any(CONTEXTS);
        }
        // whoever is away stays so until all that can be given up is given up
        int rest = rest();
        away = NOBODY;
        rest += rest();
        boolean rests = rest < 2 * RESTLESS && saysTheTruthAboutParked();
        for (int retries = 0; rests && !world.parked().isEmpty() && retries < 10; retries++) {
            world.parked().forEach(world::retry);
            rests = rest() < RESTLESS;
        }
        return new Ending(world.report(true), rests, steps + rest);
    }

    /** The checkouts are as the invariants say that they are: none but parked ones is left. */
    private boolean saysTheTruthAboutParked() {
        Report report = world.report(true);
        List<PaymentId> told = report.parked().stream().map(Report.Open::paymentId).sorted((a, b) -> a.value().compareTo(b.value())).toList();
        List<PaymentId> kept = world.progress().checkouts().values().stream().map(World.Kept::checkout).filter(World::isParked)
                .map(Checkout::paymentId).sorted((a, b) -> a.value().compareTo(b.value())).toList();
        return told.equals(kept) && kept.size() == world.progress().checkouts().size();
    }

    // --- the shop

    private void open() {
        for (CustomerId customer : customers) {
            String currency = chance(3) ? "USD" : CURRENCY;
            if (chance(70)) {
                world.handle(new ChargeWallet(WalletId.of(customer), new ChargeId("charge-" + customer),
                        Money.of(3_000 + random.nextInt(15_000), currency)), false);
            }
            for (int n = random.nextInt(3); n > 0; n--) {
                wish(new ChargeWallet(WalletId.of(customer), new ChargeId("charge-" + customer + n), Money.of(1 + random.nextInt(12_000), currency)));
            }
        }
        for (ProductId product : products) {
            if (random.nextInt(250) == 0 && mutation == Mutation.NONE) {
                fillMemory(product);
            }
            if (!chance(5)) {
                world.handle(new RegisterProduct(product, new Name("Tea"), won(1_000), new Quantity(random.nextInt(15))), false);
            }
            if (chance(30)) {
                wish(new AddStock(product, new DeliveryId("delivery-" + product), new Quantity(1 + random.nextInt(5))));
            }
        }
        Discount discount = chance(50) ? new Discount.Fixed(won(700)) : new Discount.Percent(30, won(900));
        world.handle(new LaunchCampaign(CAMPAIGN, new Name("Tea"), discount, new Quantity(1 + random.nextInt(2)),
                new Window(OPENS, OPENS.plusSeconds(60)), Duration.ofSeconds(20 + random.nextInt(600))), false);
        for (CustomerId customer : customers) {
            IssueCoupon issue = new IssueCoupon(CAMPAIGN, coupon(customer), customer);
            if (chance(60)) {
                world.handle(issue, false);
            } else {
                wish(issue);
            }
            if (chance(20)) {
                wish(new IssueCoupon(CAMPAIGN, new CouponId("coupon-more-" + customer), customer));
            }
        }
        int orders = 1 + random.nextInt(4);
        for (int n = 1; n <= orders; n++) {
            order(n, discount);
        }
    }

    /** As if it had been sold for years: its memory of payments is full, and each further one lets an old one go. */
    private void fillMemory(ProductId product) {
        for (int n = 0; n < PaymentMemory.MOST; n++) {
            Instant requested = n < 10 ? OPENS.plusMillis(random.nextInt(20_000)) : OPENS.minusSeconds(n);
            world.handle(new RestoreStock(product, new PaymentId("payment-old-" + n), new OrderId("order-old-" + n), requested), false);
        }
    }

    private void order(int number, Discount discount) {
        OrderId order = new OrderId("order-" + number);
        CustomerId customer = any(customers);
        List<OrderLine> lines = products.stream().filter(product -> chance(60))
                .map(product -> new OrderLine(product, new Quantity(1 + random.nextInt(3)), won(1_000))).toList();
        if (lines.isEmpty()) {
            lines = List.of(new OrderLine(products.get(0), new Quantity(1), won(chance(10) ? 0 : 1_000)));
        }
        AppliedCoupon coupon = null;
        Money price = new Basket(lines, null).price();
        if (chance(60) && price.isPositive()) {
            CustomerId owner = chance(5) ? any(customers) : customer;
            coupon = new AppliedCoupon(coupon(owner), chance(5) ? won(1) : discount.of(price));
        }
        world.handle(new PlaceOrder(order, customer, new Basket(lines, coupon), OPENS.plusSeconds(30 + random.nextInt(600))), false);
        int attempts = 1 + random.nextInt(3);
        for (int n = 1; n <= attempts; n++) {
            wish(new RequestPayment(order, new PaymentId("payment-" + number + "-" + n), customer));
        }
        if (chance(25)) {
            wish(new CancelOrder(order, customer));
        }
        if (chance(15)) {
            wish(new ExpireOrder(order));
        }
    }

    private static CouponId coupon(CustomerId customer) {
        return new CouponId("coupon-" + customer);
    }

    private static Money won(long amount) {
        return Money.of(amount, CURRENCY);
    }

    /** Some are made twice. */
    private void wish(Object command) {
        wishes.add(command);
        if (chance(10)) {
            wishes.add(command);
        }
    }

    // --- with faults

    private void step() {
        world.pass(Duration.ofMillis(random.nextInt(slowness)));
        int what = random.nextInt(100);
        if (what < 12 && !wishes.isEmpty()) {
            world.send(wishes.remove(random.nextInt(wishes.size())));
        } else if (what < 50) {
            deliverOne();
        } else if (what < 80) {
            processSome();
        } else if (what < 85) {
            settleSome();
        } else if (what < 92) {
            ringOne();
        } else if (what < 94) {
            stepIn();
        } else if (what < 95) {
            world.pass(Duration.ofSeconds(random.nextInt(30)));
        } else if (what < 97) {
            if (faulty > 0) {
                away = away.equals(NOBODY) ? any(CONTEXTS) : NOBODY;
            }
        } else if (fails()) {
            disaster();
        }
    }

    private void deliverOne() {
        holdSomeBack();
        List<Letter> ready = reachable(chance(4) ? heldBack : world.letters().stream().filter(letter -> !heldBack.contains(letter)).toList());
        if (ready.isEmpty()) {
            return;
        }
        // mostly the oldest
        Letter letter = chance(60) ? ready.get(0) : any(ready);
        Delivery how = fails() ? Delivery.values()[1 + random.nextInt(Delivery.values().length - 1)] : Delivery.ARRIVES;
        world.deliver(letter, how);
        if (how == Delivery.DIES_AFTER_APPENDING || how == Delivery.DIES_BEFORE_APPENDING) {
            contexts.crash();
        }
        if (how == Delivery.ARRIVES_AND_STAYS) {
            heldBack.add(letter);
        } else {
            heldBack.remove(letter);
        }
    }

    private List<Letter> reachable(Collection<Letter> letters) {
        return letters.stream().filter(letter -> !Contexts.target(letter.command()).startsWith(away)).toList();
    }

    private void holdSomeBack() {
        for (Letter letter : world.letters()) {
            if (letter.number() >= lettersSeen && chance(faulty / 3)) {
                heldBack.add(letter);
            }
        }
        lettersSeen = world.letters().stream().mapToInt(Letter::number).max().orElse(-1) + 1;
    }

    private void processSome() {
        world.skip();
        if (!world.hasUnread()) {
            return;
        }
        earlier.add(world.progress());
        int size = 1 + random.nextInt(Math.min(world.unread().size(), 8));
        if (!fails()) {
            world.process(size, Crash.NEVER);
        } else if (chance(20) && stopped == null) {
            stopped = new Stopped(world.handleAndStop(size), world.progress());
        } else {
            world.process(size, Crash.values()[1 + random.nextInt(Crash.values().length - 1)]);
        }
    }

    private void settleSome() {
        if (world.unsettled() > 0) {
            List<Object> commands = world.settle(fails() ? random.nextInt(3) : Integer.MAX_VALUE, fails());
            if (fails()) {
                commands.forEach(world::send);
            }
        }
    }

    private void ringOne() {
        List<Alarm> due = world.alarms().stream().filter(alarm -> !alarm.due().isAfter(world.now())).toList();
        if (!due.isEmpty()) {
            world.ring(any(due));
        } else if (!world.alarms().isEmpty() && fails()) {
            world.ring(any(world.alarms()));
        }
    }

    /** An operator does something about a checkout, and sometimes does it twice. */
    private void stepIn() {
        List<Checkout> open = chance(50) ? world.parked() : world.open();
        if (!open.isEmpty()) {
            Checkout one = any(open);
            int seen = Math.max(1, one.round() - random.nextInt(2));
            Consumer<Checkout> what = any(List.<Consumer<Checkout>>of(world::retry, world::callOff, parked -> world.park(parked, seen)));
            what.accept(one);
            if (fails()) {
                what.accept(one);
            }
        }
    }

    private void disaster() {
        switch (random.nextInt(3)) {
            case 0 -> contexts.crash();
            case 1 -> {
                if (!earlier.isEmpty()) {
                    world.fallBackTo(earlier.get(Math.max(0, earlier.size() - 1 - random.nextInt(4))));
                    stopped = null;
                }
            }
            default -> wake();
        }
    }

    private void wake() {
        if (stopped != null) {
            world.storeLate(stopped.handled(), stopped.from());
            stopped = null;
        }
    }

    // --- without

    /** Lets all that is on its way arrive, and all timers run out. Returns in how many steps. */
    private int rest() {
        int steps = 0;
        while (steps < RESTLESS) {
            steps++;
            world.skip();
            List<Letter> ready = reachable(world.letters());
            if (!ready.isEmpty()) {
                world.deliver(any(ready), Delivery.ARRIVES);
            } else if (world.hasUnread()) {
                world.process(world.unread().size(), Crash.NEVER);
            } else if (world.unsettled() > 0 && away.equals(NOBODY)) {
                world.settle(Integer.MAX_VALUE, false);
            } else if (!world.alarms().isEmpty()) {
                Alarm next = world.alarms().stream().min((a, b) -> a.due().compareTo(b.due())).orElseThrow();
                if (next.due().isAfter(world.now())) {
                    world.pass(Duration.between(world.now(), next.due()));
                }
                world.ring(next);
            } else {
                break;
            }
        }
        return steps;
    }

    // --- chance

    private boolean fails() {
        return chance(faulty);
    }

    private boolean chance(int ofAHundred) {
        return random.nextInt(100) < ofAHundred;
    }

    private <T> T any(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }
}
