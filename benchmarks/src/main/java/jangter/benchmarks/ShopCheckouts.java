package jangter.benchmarks;

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
import jangter.order.api.OrderCommand.PlaceOrder;
import jangter.order.api.OrderCommand.RequestPayment;
import jangter.order.api.OrderLine;
import jangter.payment.api.PaymentCommand.ChargeWallet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Our shop's checkouts. Whatever is needed beforehand is set up over the command bus; what is measured is the payment, to its outcome. */
final class ShopCheckouts implements Target {

    private static final String KRW = "KRW";
    private static final int PLENTY = 100_000_000;
    /** Each customer gets one coupon of a campaign, and comes once in so many orders. */
    private static final int ORDERS_PER_CAMPAIGN = 1_000;
    private static final Headers TO_THE_OUTCOME = Headers.of("Prefer", "wait=30");

    private final String name;
    private final Shop shop;
    private final Workload workload;
    private final boolean overHttp;
    private final String run;
    private final Instant start;
    private final EdgeIds ids;
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger paid = new AtomicInteger();

    /**
     * @param overHttp whether payments are asked for over HTTP, or over the command bus
     * @param run tells the things of this run from those of others
     */
    ShopCheckouts(String name, Shop shop, Workload workload, boolean overHttp, String run, Instant start) {
        this.name = name;
        this.shop = shop;
        this.workload = workload;
        this.overHttp = overHttp;
        this.run = run;
        this.start = start;
        this.ids = new EdgeIds(run + "/" + name, start);
        shop.bus().sendAll(IntStream.rangeClosed(0, workload.products())
                .mapToObj(product -> new RegisterProduct(product(product), new Name("Bench " + product), won(Workload.PRICE),
                        new Quantity(product == workload.products() ? 0 : PLENTY))).toList());
        shop.bus().sendAll(IntStream.range(0, workload.customers())
                .mapToObj(customer -> new ChargeWallet(WalletId.of(customer(customer)), new ChargeId("charge-" + ids.uuid("charge", customer)),
                        won(1_000_000_000_000L))).toList());
        if (overHttp) {
            shop.passes().expect(IntStream.range(0, workload.customers()).mapToObj(customer -> customer(customer).value()));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String durability() {
        return shop.durability();
    }

    @Override
    public void place(int orders) {
        int first = placed.getAndAdd(orders);
        List<Workload.Order> next = IntStream.range(first, first + orders).mapToObj(workload::order).toList();
        shop.bus().sendAll(IntStream.range(first, first + orders).filter(number -> number % ORDERS_PER_CAMPAIGN == 0 || number == first)
                .mapToObj(number -> number / ORDERS_PER_CAMPAIGN).distinct().map(this::launch).toList());
        shop.bus().sendAll(next.stream().filter(Workload.Order::coupon)
                .map(order -> new IssueCoupon(campaign(order.number() / ORDERS_PER_CAMPAIGN), coupon(order.number()), customer(order.customer()))).toList());
        shop.bus().sendAll(next.stream().map(this::place).toList());
        shop.rest();
    }

    @Override
    public Mono<String> payNext() {
        Workload.Order order = workload.order(paid.getAndIncrement());
        return overHttp ? payOverHttp(order) : payOverBus(order);
    }

    private Mono<String> payOverHttp(Workload.Order order) {
        return shop.post(shop.passes().ofCustomer(customer(order.customer()).value()).and(TO_THE_OUTCOME), "/orders/" + orderId(order.number()) + "/payment", null)
                .map(ShopCheckouts::outcome);
    }

    private static String outcome(Door.Answer answer) {
        if (answer.status() != 200) {
            return "HTTP " + answer.status();
        }
        return answer.body().contains("\"COMPLETED\"") ? COMPLETED : answer.body().contains("\"OUT_OF_STOCK\"") ? REFUSED : answer.body();
    }

    private Mono<String> payOverBus(Workload.Order order) {
        PaymentId payment = PaymentId.of(ids.uuid("payment", order.number()));
        Mono<String> outcome = shop.bus().outcome(payment);
        return shop.bus().send(new RequestPayment(orderId(order.number()), payment, customer(order.customer()))).then(outcome);
    }

    @Override
    public void rest() {
        shop.rest();
    }

    @Override
    public Duration cpu() {
        return shop.cpu();
    }

    private LaunchCampaign launch(int number) {
        return new LaunchCampaign(campaign(number), new Name("Bench " + number), new Discount.Fixed(won(Workload.DISCOUNT)),
                new Quantity(ORDERS_PER_CAMPAIGN), new Window(start.minusSeconds(60), start.plus(Duration.ofDays(1))), Duration.ofDays(30));
    }

    private PlaceOrder place(Workload.Order order) {
        // of what is sold out any number is too much
        OrderLine line = new OrderLine(product(order.product()), new Quantity(1), won(Workload.PRICE));
        @Nullable AppliedCoupon coupon = order.coupon() ? new AppliedCoupon(coupon(order.number()), won(Workload.DISCOUNT)) : null;
        return new PlaceOrder(orderId(order.number()), customer(order.customer()), new Basket(List.of(line), coupon), start.plus(Duration.ofDays(1)));
    }

    private ProductId product(int number) {
        return ProductId.of(ids.uuid("product", number));
    }

    private CampaignId campaign(int number) {
        return CampaignId.of(ids.uuid("campaign", number));
    }

    private CouponId coupon(int number) {
        return CouponId.of(ids.uuid("coupon", number));
    }

    private OrderId orderId(int number) {
        return OrderId.of(ids.uuid("order", number));
    }

    private CustomerId customer(int number) {
        return new CustomerId("bench-" + run + "-" + name + "-" + number);
    }

    private static Money won(long amount) {
        return Money.of(amount, KRW);
    }

    @Override
    public void close() {
        // the shop is closed by who opened it
    }
}
