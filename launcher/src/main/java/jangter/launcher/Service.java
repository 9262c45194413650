package jangter.launcher;

import jangter.checkout.CheckoutService;
import jangter.console.ConsoleService;
import jangter.coupon.CouponService;
import jangter.inventory.InventoryService;
import jangter.order.OrderService;
import jangter.payment.PaymentService;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The services that can be started, and the port of each when it runs alone. */
enum Service {

    ORDER(OrderService.NAME, OrderService.class, 8081),
    PAYMENT(PaymentService.NAME, PaymentService.class, 8082),
    INVENTORY(InventoryService.NAME, InventoryService.class, 8083),
    COUPON(CouponService.NAME, CouponService.class, 8084),
    SAGA(CheckoutService.NAME, CheckoutService.class, 8085),
    CONSOLE(ConsoleService.NAME, ConsoleService.class, 8086);

    private final String name;
    private final Class<?> configuration;
    private final int port;

    Service(String name, Class<?> configuration, int port) {
        this.name = name;
        this.configuration = configuration;
        this.port = port;
    }

    Class<?> configuration() {
        return configuration;
    }

    int port() {
        return port;
    }

    String serviceName() {
        return name;
    }

    static Optional<Service> named(String name) {
        return Arrays.stream(values()).filter(service -> service.name.equals(name)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Service::serviceName).toList();
    }
}
