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
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five services as five processes, each with its own port and database, meeting only at Axon Server. */
class ServicesApartTest {

    private static final Map<String, Service> PATHS = Map.of("orders", Service.ORDER, "wallets", Service.PAYMENT, "products",
            Service.INVENTORY, "campaigns", Service.COUPON, "coupons", Service.COUPON, "checkouts", Service.SAGA);

    @TempDir
    Path folder;

    @Test
    void an_order_is_paid_and_another_undone_across_five_processes() {
        Map<Service, JangterProcess> processes = new EnumMap<>(Service.class);
        try (DevelopmentAxonServer axonServer = DevelopmentAxonServer.start(Settings.inMemory());
                DevelopmentMongo mongo = DevelopmentMongo.start(folder.resolve("data"), 0);
                IssuerServer issuer = IssuerServer.start(folder.resolve("data"), JangterProcess.freePort())) {
            Map<String, String> environment = Map.of("AXON_AXONSERVER_SERVERS", axonServer.address(),
                    "SPRING_MONGODB_URI", mongo.uri(), "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", issuer.uri());
            for (Service service : Service.values()) {
                processes.put(service, JangterProcess.start(folder.resolve(service.serviceName()), JangterProcess.freePort(), environment, service.serviceName()));
            }
            processes.values().forEach(JangterProcess::awaitHealthy);
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            ShopClient shop = new ShopClient(path -> processes.get(PATHS.get(path.split("/")[1])).address(), () -> UUID.randomUUID().toString(),
                    new TrialTokens(issuer.uri()));

            new Demo(shop, new PrintStream(printed, true, StandardCharsets.UTF_8), "apart").play();

            assertThat(printed.toString(StandardCharsets.UTF_8)).containsSubsequence("is COMPLETED", "is CANCELLED: COUPON_UNUSABLE");
        } finally {
            processes.values().forEach(JangterProcess::close);
        }
    }
}
