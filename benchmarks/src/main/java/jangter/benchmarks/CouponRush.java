package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import jangter.benchmarks.WarmUp.Until;
import jangter.coupon.CouponDrop;
import jangter.coupon.api.CouponCommand.IssueCoupons.Claim;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponRefusal;
import jangter.coupon.api.Discount;
import jangter.coupon.api.Window;
import jangter.kernel.CampaignId;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import jangter.kernel.RefusedException;
import jangter.platform.messaging.Asked;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** First come, first served: everyone at once for few coupons, callers one after the other for many, and those who come when none is left. */
final class CouponRush {

    private static final int ROUNDS_NO_FASTER = 3;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(5);
    private static final Duration OTHERS_ARE_GONE = Duration.ofSeconds(2);
    private static final int MANY_CUSTOMERS = 10_000;
    private static final int FEW_COUPONS = 1_000;
    private static final int MANY_COUPONS = 20_000;
    private static final int CALLERS = 64;
    private static final int STEADY_PER_SECOND = 5_000;
    private static final String ISSUED = "issued";
    private static final String SOLD_OUT = CouponRefusal.SOLD_OUT.code();
    private static final String OVERLOADED = "overloaded";

    private final Shop shop;
    private final Options options;
    private final String run;
    private final Instant start;
    private final EdgeIds ids;
    private final PrintStream out;
    private int campaigns;

    CouponRush(Shop shop, Options options, String run, Instant start, PrintStream out) {
        this.shop = shop;
        this.options = options;
        this.run = run;
        this.start = start;
        this.ids = new EdgeIds(run + "/drop", start);
        this.out = out;
    }

    List<Measurement> overHttp() {
        shop.passes().expect(IntStream.range(0, MANY_COUPONS).mapToObj(this::customer));
        shop.passes().ofStaff();
        // whoever has just come for a token counts as one whose orders go first
        Program.pause(OTHERS_ARE_GONE);
        warmUp(this::overHttp);
        List<Measurement> measured = new ArrayList<>();
        measured.add(rounds("coupons 64", MANY_COUPONS, MANY_COUPONS, campaign -> Load.closed(CALLERS, MANY_COUPONS, overHttp(campaign))));
        // who is sent away comes another way than who gets a coupon; all at once, and a few at a time, are other work again than 64
        measured.add(warmRounds("coupons gone", MANY_COUPONS, this::gone));
        measured.add(warmRounds("coupons at once", MANY_CUSTOMERS, () -> truthfully(FEW_COUPONS, MANY_CUSTOMERS,
                campaign -> Load.closed(MANY_CUSTOMERS, MANY_CUSTOMERS, overHttp(campaign)))));
        measured.add(warmRounds("coupons steady", MANY_COUPONS, this::steady));
        return measured;
    }

    private Measurement warmRounds(String name, int customers, Supplier<Load.Taken> taking) {
        warmUp(name, Math.min(1, options.warmUp()), () -> taking.get().perSecond());
        return rounds(name, customers, taking);
    }

    private Load.Taken gone() {
        return truthfully(1, MANY_COUPONS, campaign -> Load.closed(CALLERS, MANY_COUPONS, overHttp(campaign)));
    }

    /** Who comes at a rate, however many wait: some may be sent away for the moment, which stands beside the figure. */
    private Load.Taken steady() {
        CampaignId campaign = launch(MANY_COUPONS);
        Load.Taken taken = Load.open(STEADY_PER_SECOND, MANY_COUPONS, overHttp(campaign));
        int away = taken.outcomes().getOrDefault(OVERLOADED, 0);
        return taken.allAre(away == 0 ? Map.of(ISSUED, MANY_COUPONS) : Map.of(ISSUED, MANY_COUPONS - away, OVERLOADED, away));
    }

    List<Measurement> overBus() {
        warmUp(this::overBus);
        return List.of(rounds("coupons bus 64", MANY_COUPONS, MANY_COUPONS, campaign -> Load.closed(CALLERS, MANY_COUPONS, overBus(campaign))));
    }

    /** What is profiled: a round of callers, over HTTP or over the bus. */
    void once(boolean overHttp) {
        truthfully(MANY_COUPONS, MANY_COUPONS, campaign -> Load.closed(CALLERS, MANY_COUPONS, overHttp ? overHttp(campaign) : overBus(campaign)));
    }

    private void warmUp(Function<CampaignId, IntFunction<Mono<String>>> way) {
        warmUp("coupons", options.warmUp(), () -> timed(() -> truthfully(MANY_COUPONS, MANY_COUPONS,
                campaign -> Load.closed(CALLERS, MANY_COUPONS, way.apply(campaign)))).perSecond());
    }

    private void warmUp(String what, int cpuSeconds, DoubleSupplier round) {
        // who fetches a token warms up nothing of what is measured
        Duration before = shop.cpu();
        new WarmUp(out).up(what, new Until(cpuSeconds, ROUNDS_NO_FASTER, LONGEST_WARM_UP), () -> shop.cpu().minus(before), round);
    }

    private Measurement rounds(String name, int coupons, int customers, Function<CampaignId, Load.Taken> taking) {
        return rounds(name, customers, () -> truthfully(coupons, customers, taking));
    }

    private Measurement rounds(String name, int customers, Supplier<Load.Taken> taking) {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            Round round = timed(taking);
            rounds.add(round);
            out.printf("  %s, round %d: %,.0f/s, CPU %.2f ms each %s%n", name, i + 1, round.perSecond(), round.cpuMillis() / customers,
                    round.taken().outcomes());
        }
        return Measurement.of(name, shop.name(), shop.durability(), rounds, Turns.machineLoad());
    }

    /** Every one of the customers must have been told the truth: so many have a coupon, and all others were refused. */
    private Load.Taken truthfully(int coupons, int customers, Function<CampaignId, Load.Taken> taking) {
        return taking.apply(launch(coupons)).allAre(coupons == customers ? Map.of(ISSUED, customers) : Map.of(ISSUED, coupons, SOLD_OUT, customers - coupons));
    }

    private Round timed(Supplier<Load.Taken> taking) {
        Duration before = shop.cpu();
        Load.Taken taken = taking.get();
        shop.rest();
        return new Round(taken, shop.cpu().minus(before).toNanos() / 1e6);
    }

    private CampaignId launch(int coupons) {
        CampaignId campaign = CampaignId.of(ids.uuid("campaign", campaigns++));
        shop.bus().send(new LaunchCampaign(campaign, new Name("Drop"), new Discount.Fixed(Money.of(100, "KRW")), new Quantity(coupons),
                new Window(start.minusSeconds(60), start.plus(Duration.ofDays(1))), Duration.ofDays(30))).block();
        shop.rest();
        return campaign;
    }

    private IntFunction<Mono<String>> overHttp(CampaignId campaign) {
        String path = "/campaigns/" + campaign + "/coupons";
        return number -> shop.post(shop.passes().ofCustomer(customer(number)), path, null)
                .map(answer -> answer.isGood() ? ISSUED : answer.field("code"));
    }

    /** By way of the product's own queue, as at its edge, without the HTTP before it. */
    private IntFunction<Mono<String>> overBus(CampaignId campaign) {
        CouponDrop drop = new CouponDrop(shop.bus()::send);
        return number -> drop.come(campaign, claim(campaign, number)).thenReturn(ISSUED)
                .onErrorResume(RefusedException.class, refused -> Mono.just(refused.refusal().code()));
    }

    private Claim claim(CampaignId campaign, int number) {
        UUID id = ids.uuid("coupon", campaigns * MANY_COUPONS + number);
        // others come to each campaign; over HTTP they are the same, for the sake of their tokens
        String customer = customer(number) + "-" + campaigns;
        return new Claim(CouponId.of(id), new CustomerId(customer),
                Map.of(Asked.ASKED_BY, customer, Asked.TRACE_ID, id.toString().replace("-", "")));
    }

    private String customer(int number) {
        return "bench-" + run + "-drop-" + number;
    }
}
