package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.proof.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kills the whole shop in the middle of many checkouts, starts it again on the same folder, and counts money, stock and coupons. */
class KillAndRestartTest {

    private static final int CUSTOMERS = 40;
    private static final int CHARGED = 10_000;
    private static final int PRICE = 1_000;
    private static final int STOCK = 60;
    private static final int DISCOUNT = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    /** One customer's order for two pieces, every other one with a coupon. */
    private record Placed(String customer, String order, boolean withCoupon) {
    }

    @Test
    void a_killed_shop_goes_on_where_it_was_and_nothing_is_lost() throws IOException {
        int port = JangterProcess.freePort();
        String product;
        List<Placed> orders = new ArrayList<>();
        try (JangterProcess jangter = start(port).awaitHealthy()) {
            ShopClient shop = jangter.shop();
            product = shop.registerProduct("Apple", PRICE, STOCK);
            String campaign = shop.launchCampaign("Harvest", 5, CUSTOMERS);
            for (int i = 0; i < CUSTOMERS; i++) {
                String customer = "customer-" + i;
                shop.charge(customer, CHARGED);
                String coupon = i % 2 == 0 ? shop.claimCoupon(customer, campaign) : null;
                orders.add(new Placed(customer, shop.place(customer, product, 2, coupon), coupon != null));
            }
            orders.forEach(placed -> shop.startPaying(placed.customer(), placed.order()));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> orders.stream().limit(5).anyMatch(placed -> status(shop, placed).equals("COMPLETED")));
            jangter.kill();
        }

        try (JangterProcess jangter = start(port).awaitHealthy()) {
            ShopClient shop = jangter.shop();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(orders).noneMatch(placed -> status(shop, placed).equals("PAYING")));

            long completed = orders.stream().filter(placed -> status(shop, placed).equals("COMPLETED")).count();
            // there is stock for 30 of the 40
            assertThat(completed).isEqualTo(STOCK / 2);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(shop.get("anyone", "/products/" + product).get("stock").asInt()).isZero();
                for (Placed placed : orders) {
                    boolean done = status(shop, placed).equals("COMPLETED");
                    int paid = done ? 2 * PRICE - (placed.withCoupon() ? DISCOUNT : 0) : 0;
                    assertThat(shop.get(placed.customer(), "/wallets/me").get("balance").get("amount").asInt()).isEqualTo(CHARGED - paid);
                    assertThat(couponIsUsed(shop, placed)).isEqualTo(done && placed.withCoupon());
                }
            });
            Report report = new Check(Files.readString(EmbeddedParts.addressFile(folder.resolve("data"))), null).read(System.out);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unfinished()).isEmpty();
            assertThat(report.completed()).isEqualTo(completed);
        }
    }

    private JangterProcess start(int port) {
        return JangterProcess.start(ArchivedClasses.get(), folder.resolve("output.txt"), port, Map.of("JANGTER_DATA", folder.resolve("data").toString()));
    }

    private static String status(ShopClient shop, Placed placed) {
        return shop.get(placed.customer(), "/orders/" + placed.order()).get("status").asString();
    }

    private static boolean couponIsUsed(ShopClient shop, Placed placed) {
        for (JsonNode coupon : shop.get(placed.customer(), "/coupons/me").get("items")) {
            if (coupon.get("status").asString().equals("USED")) {
                return true;
            }
        }
        return false;
    }
}
