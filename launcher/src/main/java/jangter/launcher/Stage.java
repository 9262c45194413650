package jangter.launcher;

import jangter.kernel.InvalidValueException;
import jangter.kernel.OrderId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Plays scenes on the system that it is part of, over HTTP like any customer, and remembers the last ones. */
final class Stage {

    private static final int MOST_REMEMBERED = 20;
    private static final int MOST_AT_ONCE = 4;
    private static final int CUSTOMERS_AT_ONCE = 8;
    private static final Duration OUTAGE = Duration.ofSeconds(5);
    private static final String COMPLETED = "COMPLETED";

    private final Outages outages;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private final Deque<Run> runs = new ConcurrentLinkedDeque<>();
    private volatile String address = "";

    Stage(Outages outages, Clock clock, Supplier<UUID> ids) {
        this.outages = outages;
        this.clock = clock;
        this.ids = ids;
    }

    /** What can be played, and how its order should end. */
    enum Scenario {
        COMPLETED("completed", Stage.COMPLETED, null),
        NO_BALANCE("no-balance", "PENDING", "INSUFFICIENT_BALANCE"),
        NO_STOCK("no-stock", "CANCELLED", "OUT_OF_STOCK"),
        COUPON_TWICE("coupon-twice", "CANCELLED", "COUPON_UNUSABLE"),
        SLOW_PAYMENT("slow-payment", Stage.COMPLETED, null),
        SERVICE_DOWN("service-down", Stage.COMPLETED, null),
        BURST("burst", null, null);

        private final String title;
        private final @Nullable String status;
        private final @Nullable String failure;

        Scenario(String title, @Nullable String status, @Nullable String failure) {
            this.title = title;
            this.status = status;
            this.failure = failure;
        }

        static Scenario named(String title) {
            return Arrays.stream(values()).filter(scenario -> scenario.title.equals(title)).findFirst()
                    .orElseThrow(() -> new InvalidValueException("scenario", "must be one that can be played"));
        }

        private boolean endsAsItShould(Played played) {
            return status == null || status.equals(played.status()) && Objects.equals(failure, played.failure());
        }
    }

    /** An order of a scene; without a status as long as it is being paid. */
    record Played(String orderId, String customer, @Nullable String status, @Nullable String failure) {
    }

    /** A scene as the page shows it. */
    record Shown(String id, String scenario, Instant startedAt, int planned, List<Played> orders, boolean ended, @Nullable String problem) {
    }

    private static final class Run {

        private final String id;
        private final Scenario scenario;
        private final Instant startedAt;
        private final int planned;
        private final List<Played> orders = new CopyOnWriteArrayList<>();
        private volatile boolean ended;
        private volatile @Nullable String problem;

        Run(String id, Scenario scenario, Instant startedAt, int planned) {
            this.id = id;
            this.scenario = scenario;
            this.startedAt = startedAt;
            this.planned = planned;
        }

        synchronized void tell(Played played) {
            orders.removeIf(order -> order.orderId().equals(played.orderId()));
            orders.add(played);
        }

        Shown shown() {
            return new Shown(id, scenario.title, startedAt, planned, List.copyOf(orders), ended, problem);
        }
    }

    @EventListener
    void started(WebServerInitializedEvent event) {
        address = "http://127.0.0.1:" + event.getWebServer().getPort();
    }

    /** The last scenes, newest first. */
    List<Shown> played() {
        return runs.stream().map(Run::shown).toList();
    }

    /** Begins to play; nothing if too much is being played already. */
    synchronized Optional<Shown> play(Scenario scenario, int orders) {
        if (runs.stream().filter(run -> !run.ended).count() >= MOST_AT_ONCE) {
            return Optional.empty();
        }
        Run run = new Run(ids.get().toString().substring(0, 8), scenario, clock.instant(), orders);
        runs.addFirst(run);
        while (runs.size() > MOST_REMEMBERED) {
            runs.removeLast();
        }
        Schedulers.boundedElastic().schedule(() -> act(run));
        return Optional.of(run.shown());
    }

    private void act(Run run) {
        try {
            ShopClient shop = new ShopClient(address, () -> ids.get().toString());
            switch (run.scenario) {
                case BURST -> burst(run, shop);
                case COUPON_TWICE -> couponTwice(run, shop);
                case NO_BALANCE -> pay(run, shop, customer(run, shop, 1_000), kimchi(shop), 2, null);
                case NO_STOCK -> pay(run, shop, customer(run, shop, 100_000), shop.registerProduct("Last teapot", 30_000, 1), 2, null);
                case SLOW_PAYMENT, SERVICE_DOWN -> pay(run, shop, customer(run, shop, 100_000), kimchi(shop), 1, null);
                case COMPLETED -> {
                    String customer = customer(run, shop, 100_000);
                    pay(run, shop, customer, kimchi(shop), 2, shop.claimCoupon(customer, shop.launchCampaign("Autumn", 10, 100)));
                }
            }
        } catch (RuntimeException failure) {
            run.problem = String.valueOf(failure.getMessage());
        } finally {
            run.ended = true;
        }
    }

    /** A coupon is still unused when both orders are placed, and spent by the first that is paid. */
    private void couponTwice(Run run, ShopClient shop) {
        String customer = customer(run, shop, 100_000);
        String kimchi = kimchi(shop);
        String coupon = shop.claimCoupon(customer, shop.launchCampaign("Autumn", 10, 100));
        String first = shop.place(customer, kimchi, 2, coupon);
        String second = shop.place(customer, kimchi, 1, coupon);
        shop.pay(customer, first);
        pay(run, shop, customer, second);
    }

    /** A tenth of them comes too late for the stock. */
    private void burst(Run run, ShopClient shop) {
        String product = shop.registerProduct("Melon", 1_000, Math.max(1, run.planned - run.planned / 10));
        Flux.fromStream(IntStream.range(0, run.planned).boxed()).parallel(CUSTOMERS_AT_ONCE).runOn(Schedulers.boundedElastic(), 1)
                .doOnNext(i -> {
                    String customer = "melon-" + i + "-" + run.id;
                    shop.charge(customer, 10_000);
                    pay(run, shop, customer, shop.place(customer, product, 1, null));
                }).sequential().then().block();
    }

    private void pay(Run run, ShopClient shop, String customer, String product, int quantity, @Nullable String coupon) {
        pay(run, shop, customer, shop.place(customer, product, quantity, coupon));
    }

    private void pay(Run run, ShopClient shop, String customer, String order) {
        run.tell(new Played(order, customer, null, null));
        if (run.scenario == Scenario.SLOW_PAYMENT) {
            outages.delayPayment(new OrderId(order), OUTAGE);
        }
        if (run.scenario == Scenario.SERVICE_DOWN) {
            outages.loseInventory(OUTAGE);
        }
        JsonNode standing = shop.pay(customer, order);
        Played played = new Played(order, customer, standing.path("status").asString(null), standing.path("failure").asString(null));
        run.tell(played);
        if (!run.scenario.endsAsItShould(played)) {
            run.problem = order + " is " + played.status() + " " + played.failure();
        }
    }

    private static String customer(Run run, ShopClient shop, int amount) {
        String customer = "kim-" + run.id;
        shop.charge(customer, amount);
        return customer;
    }

    private static String kimchi(ShopClient shop) {
        return shop.registerProduct("Kimchi", 9_000, 100);
    }
}
