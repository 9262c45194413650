package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.axonserver.DevelopmentAxonServer;
import jangter.axonserver.Settings;
import jangter.launcher.issuer.IssuerServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The five services as five processes, each with its own port and database, meeting only at Axon Server; and the console as a sixth. */
class ServicesApartTest {

    private static final Map<String, Service> PATHS = Map.of("orders", Service.ORDER, "wallets", Service.PAYMENT, "products",
            Service.INVENTORY, "campaigns", Service.COUPON, "coupons", Service.COUPON, "checkouts", Service.SAGA, "console", Service.CONSOLE);

    @TempDir
    Path folder;

    @Test
    void an_order_is_paid_and_another_undone_across_five_processes_and_the_console_sees_it() {
        Map<Service, JangterProcess> processes = new EnumMap<>(Service.class);
        try (DevelopmentAxonServer axonServer = DevelopmentAxonServer.start(Settings.inMemory());
                DevelopmentMongo mongo = DevelopmentMongo.start(folder.resolve("data"), 0, EmbeddedSettings.Views.FILE);
                IssuerServer issuer = IssuerServer.start(folder.resolve("data"), JangterProcess.freePort())) {
            Map<String, String> environment = Map.of("AXON_AXONSERVER_SERVERS", axonServer.address(),
                    "SPRING_MONGODB_URI", mongo.uri(), "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", issuer.uri());
            for (Service service : Service.values()) {
                Map<String, String> settings = new HashMap<>(environment);
                // the console comes last, and is told where all the others are
                processes.forEach((other, process) -> settings.put("JANGTER_CONSOLE_SERVICES_" + other.name(), process.address()));
                processes.put(service, JangterProcess.start(ArchivedClasses.get(), folder.resolve(service.serviceName()), JangterProcess.freePort(), settings,
                        service.serviceName()));
            }
            processes.values().forEach(JangterProcess::awaitHealthy);
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            ShopClient shop = new ShopClient(path -> processes.get(PATHS.get(path.split("/")[1])).address(), () -> UUID.randomUUID().toString(),
                    new TrialTokens(issuer.uri()));

            new Demo(shop, new PrintStream(printed, true, StandardCharsets.UTF_8), "apart").play();

            assertThat(printed.toString(StandardCharsets.UTF_8)).containsSubsequence("is COMPLETED", "is CANCELLED: COUPON_UNUSABLE");
            theConsoleSeesThemAll(shop);
        } finally {
            processes.values().forEach(JangterProcess::close);
        }
    }

    private static void theConsoleSeesThemAll(ShopClient shop) {
        JsonNode processors = shop.getAsStaff("/console/api/processors");
        assertThat(processors).hasSize(5).allSatisfy(service -> assertThat(service.get("items")).isNotEmpty());
        JsonNode refund = lastRefund(shop);
        JsonNode wallet = shop.getAsStaff("/console/api/aggregates/" + refund.get("aggregateId").asString() + "?at=" + refund.get("sequence"));
        assertThat(wallet.get("type").asString()).isEqualTo("Wallet");
        String order = refund.get("payload").get("orderId").asString();
        assertThat(shop.getAsStaff("/console/api/checkouts/" + order).get("attempts")).hasSize(1);
        assertThat(shop.getAsStaff("/console/api/checkouts/" + order + "/events").get("events").size()).isGreaterThan(5);
    }

    /** A page of a search tells how far it came in its time, which on a busy machine may be before it has found anything. */
    private static JsonNode lastRefund(ShopClient shop) {
        String search = "/console/api/events?type=PaymentRefunded&size=1";
        JsonNode page = shop.getAsStaff(search);
        while (page.get("items").isEmpty()) {
            page = shop.getAsStaff(search + "&cursor=" + page.get("next").asString());
        }
        return page.get("items").get(0);
    }
}
