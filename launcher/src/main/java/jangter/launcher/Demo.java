package jangter.launcher;

import jangter.checkout.api.Step;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Plays four orders against a running system and prints what the checkout did for each: one is completed, one is refused for balance,
 * one for stock, one for its coupon.
 */
final class Demo {

    private static final String USUAL_ADDRESS = "http://127.0.0.1:8080";

    private static final int MOST_LOOKS = 50;

    private final ShopClient shop;
    private final PrintStream out;
    /** Tells the customers of this run from those of others. */
    private final String run;

    Demo(ShopClient shop, PrintStream out, String run) {
        this.shop = shop;
        this.out = out;
        this.run = run;
    }

    static void main(String... arguments) {
        String address = Objects.requireNonNullElse(System.getenv("JANGTER_URL"), USUAL_ADDRESS);
        System.out.println("Playing four orders against " + address + " …");
        String run = HexFormat.of().toHexDigits(Instant.now().toEpochMilli(), 11);
        try {
            new Demo(new ShopClient(address, () -> UUID.randomUUID().toString()), System.out, run).play();
        } catch (ShopClient.RefusedException refused) {
            throw new CannotStartException(refused.getMessage());
        }
    }

    /**
     * Plays all four.
     *
     * @throws CannotStartException if nobody answers, or an order ends otherwise than it should
     */
    void play() {
        String alice = "alice-" + run;
        String bob = "bob-" + run;
        String carol = "carol-" + run;
        shop.charge(alice, 100_000);
        shop.charge(bob, 1_000);
        shop.charge(carol, 100_000);
        String kimchi = shop.registerProduct("Kimchi", 9_000, 100);
        String teapot = shop.registerProduct("Last teapot", 30_000, 1);
        String coupon = shop.claimCoupon(alice, shop.launchCampaign("Autumn", 10, 100));
        String first = shop.place(alice, kimchi, 2, coupon);
        String second = shop.place(alice, kimchi, 1, coupon);

        pay("1. Two Kimchi, with a coupon: all goes well", alice, first, "COMPLETED", null);
        pay("2. Two Kimchi, with too little in the wallet", bob, shop.place(bob, kimchi, 2, null), "PENDING", "INSUFFICIENT_BALANCE");
        pay("3. Two of the last teapot", carol, shop.place(carol, teapot, 2, null), "CANCELLED", "OUT_OF_STOCK");
        pay("4. One Kimchi, with the coupon that order 1 has spent", alice, second, "CANCELLED", "COUPON_UNUSABLE");

        String whatShouldBe = "alice has 83800 KRW, bob 1000 KRW, carol 100000 KRW; 98 Kimchi and 1 teapot are in stock.";
        String left = left(alice, bob, carol, kimchi, teapot);
        for (int look = 0; look < MOST_LOOKS && !left.equals(whatShouldBe); look++) {
            // wallets and products are read a moment after the checkout has ended
            ShopClient.pause();
            left = left(alice, bob, carol, kimchi, teapot);
        }
        out.printf("%nWhat is left: %s%n", left);
    }

    private String left(String alice, String bob, String carol, String kimchi, String teapot) {
        return "alice has %s, bob %s, carol %s; %s Kimchi and %s teapot are in stock.".formatted(balance(alice), balance(bob), balance(carol),
                shop.get(alice, "/products/" + kimchi).get("stock"), shop.get(alice, "/products/" + teapot).get("stock"));
    }

    private void pay(String title, String customer, String order, String status, @Nullable String failure) {
        JsonNode standing = shop.pay(customer, order);
        out.printf("%n%s%n   %s is %s%s%n", title, order, text(standing, "status"), failure == null ? "" : ": " + text(standing, "failure"));
        timeline(order);
        if (!status.equals(text(standing, "status")) || !Objects.equals(failure, text(standing, "failure"))) {
            throw new CannotStartException("The order should be " + status + (failure == null ? "" : " for " + failure) + ", and is: " + standing);
        }
    }

    /** Each step as the checkout's page tells it: when it was asked, what the answer was and how long it took; {@code ↩} undoes. */
    private void timeline(String order) {
        for (JsonNode attempt : finished(order).get("attempts")) {
            Instant started = Instant.parse(attempt.get("startedAt").asString());
            for (JsonNode entry : attempt.get("timeline")) {
                Step step = Step.valueOf(entry.get("step").asString());
                long after = Duration.between(started, Instant.parse(entry.get("askedAt").asString())).toMillis();
                out.printf("   %+6d ms  %s %-14s  %s%s%s%n", after, step.isCompensation() ? "↩" : "→", step, text(entry, "answer"),
                        entry.path("millis").isNumber() ? " after " + entry.get("millis") + " ms" : "",
                        entry.get("attempt").asInt() > 1 ? ", sent " + entry.get("attempt") + " times" : "");
            }
            out.printf("   the checkout is %s%n", text(attempt, "state"));
        }
    }

    /** The checkout's page follows the order's by some milliseconds. */
    private JsonNode finished(String order) {
        JsonNode page = shop.getAsStaff("/checkouts/" + order);
        for (int look = 0; look < MOST_LOOKS && !hasEnded(page); look++) {
            ShopClient.pause();
            page = shop.getAsStaff("/checkouts/" + order);
        }
        return page;
    }

    private static boolean hasEnded(JsonNode page) {
        JsonNode last = page.get("attempts").get(page.get("attempts").size() - 1);
        return last.path("endedAt").isString();
    }

    private String balance(String customer) {
        JsonNode balance = shop.get(customer, "/wallets/me").get("balance");
        return balance.get("amount") + " " + balance.get("currency").asString();
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() ? value.asString() : null;
    }
}
