package jangter.order;

import jangter.kernel.OrderId;
import jangter.order.api.OrderEvent.OrderCancelled;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.order.api.OrderEvent.PaymentFailed;
import jangter.platform.http.Limited;
import jangter.platform.http.ShortWay;
import jangter.platform.messaging.AwaitedViews;
import jangter.platform.messaging.Concluding;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** The order service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
@EnableConfigurationProperties(OrderSettings.class)
public class OrderService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "order";

    private static final String PAYMENT = "/orders/{id}/payment";

    /** Who pays waits for the outcome, and it is read there. */
    @Bean
    AwaitedViews ordersAreAwaited() {
        return new AwaitedViews(OrderViews.GROUP, true, Set.of(OrderCompleted.class, PaymentFailed.class, OrderCancelled.class));
    }

    /** Who places an order right after the coupon was issued waits until it is known. */
    @Bean
    AwaitedViews couponsAreAwaited() {
        return new AwaitedViews(OrderCoupons.GROUP, false, Set.of());
    }

    /** As with coupons. */
    @Bean
    AwaitedViews productsAreAwaited() {
        return new AwaitedViews(OrderCatalogue.GROUP, false, Set.of());
    }

    /** A shop has many more orders that are over than such as will be paid. */
    @Bean
    Concluding ordersThatAreOver() {
        return new Concluding(Set.of(OrderCompleted.class, OrderCancelled.class));
    }

    @Bean
    Limited payments() {
        return new Limited("payments", HttpMethod.POST, PAYMENT);
    }

    /** Orders are paid in rushes. */
    @Bean
    ShortWay<OrderStanding> paying(OrderController orders) {
        return new ShortWay<>(HttpMethod.POST, PAYMENT, OrderStanding.class,
                (sent, caller, attempt) -> orders.pay(caller, attempt, new OrderId(sent.path().get("id")), sent.headers().get("Prefer")));
    }
}
