package jangter.launcher;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The answer to a customer is lost on its way, and the customer asks again under the same key: same answer, one effect. */
record LostAnswer(To to) implements Fault {

    private static final int ANSWER_COMES_WITHIN = 30;
    private static final int NOT_DECIDED = 500;

    /** What was asked for. */
    enum To {
        A_CHARGE("payment-1", "chargeId"), AN_ORDER("order-1", "orderId"), A_CLAIM("coupon-1", "couponId"), A_PAYMENT("order-1", "paymentId");

        private final String answeredBy;
        private final String idOfEffect;

        To(String answeredBy, String idOfEffect) {
            this.answeredBy = answeredBy;
            this.idOfEffect = idOfEffect;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private record Request(String customer, String path, @Nullable Object body) {
    }

    @Override
    public Outcome happen(ChaosScene scene) {
        ChaosCustomers customers = scene.customers();
        Request request = request(customers, customers.newName("forgetful"));
        String key = UUID.randomUUID().toString();
        ShopClient.@Nullable Answer lost = askInVain(request, key, scene.cluster());
        ShopClient.Answer again = customers.insist(request.customer(), request.path(), request.body(), key);
        if (lost != null && lost.status() < NOT_DECIDED && !lost.equals(again)) {
            scene.report().violated("The lost answer to " + to + " was " + lost + ", and the repeated one is " + again);
        }
        JsonNode id = again.body().path(to.idOfEffect);
        if (id.isString()) {
            customers.confirm(id.asString());
        }
        return new Outcome("answer lost and asked again: " + to, lost == null ? "no answer to lose; then " + again.status()
                : lost.status() + ", again " + again.status());
    }

    private Request request(ChaosCustomers customers, String customer) {
        return switch (to) {
            case A_CHARGE -> new Request(customer, "/wallets/me/charges", customers.charge());
            case AN_ORDER -> new Request(customer, "/orders", customers.order(customers.plenty(), 1, null));
            case A_CLAIM -> new Request(customer, "/campaigns/" + customers.campaign() + "/coupons", null);
            case A_PAYMENT -> new Request(customer, "/orders/" + customers.place(customer) + "/payment", null);
        };
    }

    private ShopClient.@Nullable Answer askInVain(Request request, String key, ChaosCluster cluster) {
        try (FaultyWire wire = FaultyWire.to(cluster.port(to.answeredBy), Protocol.BYTES)) {
            CompletableFuture<byte[]> answer = wire.swallowAnswer();
            ShopClient deaf = cluster.client(path -> "http://127.0.0.1:" + wire.port(), () -> key);
            try {
                throw new IllegalStateException("It heard " + deaf.ask(request.customer(), request.path(), request.body()));
            } catch (CannotStartException nothingHeard) {
                return parsed(new String(answer.get(ANSWER_COMES_WITHIN, TimeUnit.SECONDS), StandardCharsets.UTF_8));
            }
        } catch (ExecutionException | TimeoutException noAnswer) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }

    /** From what went over the wire: {@code HTTP/1.1 201 Created}, headers, an empty line, and the body. */
    private static ShopClient.Answer parsed(String raw) {
        int body = raw.indexOf("\r\n\r\n") + 4;
        return new ShopClient.Answer(Integer.parseInt(raw.split(" ", 3)[1]), JsonMapper.shared().readTree(raw.length() > body ? raw.substring(body) : "null"));
    }

    /** Whether nobody answers while that process is away. */
    boolean needs(String process) {
        return ChaosCluster.kind(to.answeredBy).equals(ChaosCluster.kind(process));
    }

    @Override
    public boolean isGentle() {
        return true;
    }

    @Override
    public String toString() {
        return "lose the answer to " + to;
    }
}
