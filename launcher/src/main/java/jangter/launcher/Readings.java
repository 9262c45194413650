package jangter.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** All that customers and staff can read over HTTP, at one time: every list to its end, and every order, checkout and product by itself. */
final class Readings {

    private static final int AT_ONCE = 8;
    private static final int TRIES = 50;
    private static final String STAFF = "staff";

    private final ShopClient shop;
    private final Map<String, JsonNode> read = new ConcurrentSkipListMap<>();

    private Readings(ShopClient shop) {
        this.shop = shop;
    }

    static Readings of(ChaosCluster cluster, Collection<String> customers, Collection<String> products, Collection<String> campaigns) {
        Readings readings = new Readings(cluster.client(path -> cluster.addressFor(path, 0), () -> UUID.randomUUID().toString()));
        List<Runnable> lists = new ArrayList<>(List.of(() -> readings.pages(STAFF, "/products"), () -> readings.pages(STAFF, "/campaigns"),
                () -> readings.one(STAFF, "/products/popular"),
                () -> readings.pages(STAFF, "/checkouts").forEach(checkout -> readings.one(STAFF, "/checkouts/" + checkout.get("orderId").asString()))));
        products.forEach(product -> lists.add(() -> readings.one(STAFF, "/products/" + product)));
        campaigns.forEach(campaign -> lists.add(() -> readings.one(STAFF, "/campaigns/" + campaign)));
        customers.forEach(customer -> lists.add(() -> readings.ofCustomer(customer)));
        allOf(lists);
        return readings;
    }

    private void ofCustomer(String customer) {
        one(customer, "/wallets/me");
        pages(customer, "/wallets/me/history");
        pages(customer, "/coupons/me");
        pages(customer, "/orders").forEach(order -> one(customer, "/orders/" + order.get("orderId").asString()));
    }

    private static void allOf(List<Runnable> readings) {
        ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            for (Future<?> reading : readings.stream().map(readers::submit).toList()) {
                reading.get();
            }
        } catch (ExecutionException failed) {
            throw new CannotStartException("Cannot read all there is: " + failed.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        } finally {
            readers.shutdownNow();
        }
    }

    private List<JsonNode> pages(String who, String path) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        while (true) {
            JsonNode page = one(who, path + "?size=100" + cursor);
            page.get("items").forEach(items::add);
            if (!page.path("next").isString()) {
                return items;
            }
            cursor = "&cursor=" + page.get("next").asString();
        }
    }

    private JsonNode one(String who, String path) {
        JsonNode found = again(() -> who.equals(STAFF) ? shop.getAsStaff(path) : shop.get(who, path));
        read.put(who + " GET " + path, found);
        return found;
    }

    private interface Reading {
        JsonNode read();
    }

    private static JsonNode again(Reading reading) {
        for (int tries = 0;; tries++) {
            try {
                return reading.read();
            } catch (ShopClient.RefusedException refused) {
                if (refused.status() < 500 || tries == TRIES) {
                    throw refused;
                }
            }
            ShopClient.pause(Duration.ofMillis(200));
        }
    }

    int size() {
        return read.size();
    }

    /** Where the two differ. */
    List<String> differencesTo(Readings other) {
        TreeSet<String> requests = new TreeSet<>(read.keySet());
        requests.addAll(other.read.keySet());
        return requests.stream().filter(request -> !Objects.equals(read.get(request), other.read.get(request)))
                .map(request -> request + ": " + read.get(request) + " and then " + other.read.get(request)).toList();
    }
}
