package jangter.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Our shop's services, as the launcher calls them, and what each answers for over HTTP. */
enum Service {

    ORDER("orders"),
    PAYMENT("wallets"),
    INVENTORY("products"),
    COUPON("campaigns", "coupons"),
    SAGA("checkouts");

    private static final Map<String, Service> BY_PATH = Arrays.stream(values()).flatMap(service -> service.paths.stream().map(path -> Map.entry(path, service)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    private final List<String> paths;

    Service(String... paths) {
        this.paths = List.of(paths);
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whose path that is: {@code /orders/…} the order service's. */
    static Service ofPath(String path) {
        int end = 1;
        while (end < path.length() && path.charAt(end) != '/' && path.charAt(end) != '?') {
            end++;
        }
        Service service = BY_PATH.get(path.substring(1, end));
        if (service == null) {
            throw new IllegalArgumentException("No service answers for " + path);
        }
        return service;
    }

    /** Whose event processor that is: {@code order-views} the order service's. */
    static Service ofProcessor(String name) {
        return valueOf(name.substring(0, name.indexOf('-')).toUpperCase(Locale.ROOT));
    }
}
