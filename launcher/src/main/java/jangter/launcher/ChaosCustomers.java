package jangter.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Customers who buy all the time, as good clients do: who gets no answer, or is asked to come again, asks again under the same key. They
 * note what was confirmed to them.
 */
final class ChaosCustomers implements AutoCloseable {

    private static final int AT_ONCE = 8;
    private static final int ROUNDS_WITH_ONE_NAME = 5;
    private static final int TRIES = 400;
    private static final Set<Integer> COME_AGAIN = Set.of(429, 503, 504);
    private static final Set<String> NOT_HEARD_OF_YET = Set.of("unknown-product", "unknown-coupon");

    private final ChaosCluster cluster;
    private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final Set<String> toldCompleted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger newNames = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> products;
    private final List<String> campaigns;
    private volatile boolean shopping = true;

    /** A request was answered by a no. */
    private static final class GivenUpException extends RuntimeException {

        GivenUpException(String why) {
            super(why, null, false, false);
        }
    }

    /** Opens the shop: something of which there is plenty, something scarce, and coupons for all and for a few. */
    ChaosCustomers(ChaosCluster cluster) {
        this.cluster = cluster;
        ShopClient staff = shop(() -> UUID.randomUUID().toString());
        this.products = List.of(staff.registerProduct("Plenty", 1_000, 100_000), staff.registerProduct("Scarce", 2_000, 60));
        this.campaigns = List.of(staff.launchCampaign("For all", 10, 20_000), staff.launchCampaign("For a few", 20, 50));
    }

    void start(Random random) {
        for (int i = 0; i < AT_ONCE; i++) {
            Random choices = new Random(random.nextLong());
            String name = "customer-" + i;
            Thread customer = new Thread(() -> shopOn(name, choices), name);
            customer.start();
            threads.add(customer);
        }
    }

    /** They finish what they are about, and go home. */
    @Override
    public void close() {
        shopping = false;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }

    private void shopOn(String name, Random choices) {
        for (int round = 0; shopping; round++) {
            String customer = name + "-" + round / ROUNDS_WITH_ONE_NAME;
            names.add(customer);
            try {
                buy(customer, choices);
            } catch (RuntimeException unlucky) {
                count("gave up: " + (unlucky instanceof GivenUpException known ? known.getMessage() : unlucky.getClass().getSimpleName()));
                ShopClient.pause();
            }
        }
    }

    private void buy(String customer, Random choices) {
        if (choices.nextInt(3) == 0) {
            confirm(must(customer, "/wallets/me/charges", charge()).get("chargeId").asString());
        }
        String coupon = choices.nextInt(3) == 0 ? coupon(customer, campaigns.get(choices.nextInt(campaigns.size()))) : null;
        String product = products.get(choices.nextInt(4) == 0 ? 1 : 0);
        String order = confirm(must(customer, "/orders", order(product, 1 + choices.nextInt(3), coupon)).get("orderId").asString());
        if (choices.nextInt(10) == 0) {
            // changes their mind, or tries to pay twice
            confirm(must(customer, "/orders/" + order + "/payment", null).path("paymentId").asString());
        }
        JsonNode standing = must(customer, "/orders/" + order + "/payment", null, "Prefer", "wait=20");
        String status = standing.get("status").asString();
        if (status.equals("COMPLETED")) {
            toldCompleted.add(order);
        }
        count(status + (standing.path("failure").isString() ? " " + standing.get("failure").asString() : ""));
    }

    private @Nullable String coupon(String customer, String campaign) {
        ShopClient.Answer answer = insist(customer, "/campaigns/" + campaign + "/coupons", null, UUID.randomUUID().toString());
        return answer.status() < 400 ? confirm(answer.body().get("couponId").asString()) : null;
    }

    /** What a service has not heard of yet is asked for again as another request: the first was answered. */
    private JsonNode must(String customer, String path, @Nullable Object body, String... headers) {
        ShopClient.Answer answer = insist(customer, path, body, UUID.randomUUID().toString(), headers);
        for (int tries = 0; NOT_HEARD_OF_YET.contains(answer.body().path("code").asString("")) && tries < TRIES; tries++) {
            ShopClient.pause();
            answer = insist(customer, path, body, UUID.randomUUID().toString(), headers);
        }
        if (answer.status() >= 400) {
            throw new GivenUpException(answer.status() + " " + answer.body().path("code").asString(""));
        }
        return answer.body();
    }

    /** Asks, and asks again under the same key, at whichever instance, until there is an answer. */
    ShopClient.Answer insist(String customer, String path, @Nullable Object body, String key, String... headers) {
        ShopClient client = shop(() -> key);
        for (int tries = 0;; tries++) {
            try {
                ShopClient.Answer answer = client.ask(customer, path, body, headers);
                if (!COME_AGAIN.contains(answer.status()) || tries == TRIES) {
                    return answer;
                }
            } catch (CannotStartException unreachable) {
                if (tries == TRIES) {
                    throw new GivenUpException("no answer");
                }
            }
            ShopClient.pause();
        }
    }

    private ShopClient shop(Supplier<String> keys) {
        return cluster.client(path -> cluster.addressFor(path, turn.getAndIncrement()), keys);
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
    }

    // --- what faults ask for

    String newName(String like) {
        String name = like + "-" + newNames.incrementAndGet();
        names.add(name);
        return name;
    }

    String place(String customer) {
        return confirm(must(customer, "/orders", order(plenty(), 1, null)).get("orderId").asString());
    }

    Map<String, Object> charge() {
        return Map.of("amount", Map.of("amount", 20_000, "currency", "KRW"));
    }

    Map<String, Object> order(String product, int quantity, @Nullable String coupon) {
        List<?> lines = List.of(Map.of("productId", product, "quantity", quantity));
        return coupon == null ? Map.of("lines", lines) : Map.of("lines", lines, "couponId", coupon);
    }

    String plenty() {
        return products.get(0);
    }

    String campaign() {
        return campaigns.get(0);
    }

    /** Notes that a customer was told of this: what has that id must be there, once, whatever happens. */
    String confirm(String id) {
        confirmed.add(id);
        return id;
    }

    // --- what is known in the end

    Map<String, LongAdder> outcomes() {
        return outcomes;
    }

    Set<String> names() {
        return names;
    }

    List<String> campaigns() {
        return campaigns;
    }

    List<String> products() {
        return products;
    }

    Set<String> confirmed() {
        return confirmed;
    }

    /** The orders of which a customer was told that they are completed. */
    Set<String> toldCompleted() {
        return toldCompleted;
    }
}
