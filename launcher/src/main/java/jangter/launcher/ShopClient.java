package jangter.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks to a running system as customers and staff do, over HTTP. Every request has its own idempotency key, and is sent again under it, when it is told to,
 * while the system cannot answer.
 */
final class ShopClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(100);
    private static final int NOT_JUST_NOW = 503;
    private static final String STAFF = "shop-staff";

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = JsonMapper.shared();
    private final UnaryOperator<String> addresses;
    private final Supplier<String> keys;
    private final TrialTokens tokens;

    /** @param keys where idempotency keys come from, each another */
    ShopClient(String address, Supplier<String> keys) {
        this(path -> address, keys);
    }

    /** @param addresses who answers for which path, where services have addresses of their own; {@code /dev/tokens} is the issuer's */
    ShopClient(UnaryOperator<String> addresses, Supplier<String> keys) {
        this(addresses, keys, new TrialTokens(addresses.apply("/dev/tokens")));
    }

    /** @param tokens may be shared by several clients, so that each token is asked for once */
    ShopClient(UnaryOperator<String> addresses, Supplier<String> keys, TrialTokens tokens) {
        this.addresses = addresses;
        this.keys = keys;
        this.tokens = tokens;
    }

    /** A request was answered by a problem. */
    static final class RefusedException extends RuntimeException {

        private final int status;
        private final String code;

        RefusedException(String request, int status, String code, String body) {
            super(request + " was answered " + status + ": " + body, null, false, false);
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }
    }

    String registerProduct(String name, int price, int stock) {
        return postAsStaff("/products", Map.of("name", name, "price", won(price), "stock", stock)).get("productId").asString();
    }

    /** A campaign that is open from a minute ago for an hour and takes so much per cent off, at most 5,000. */
    String launchCampaign(String name, int percent, int coupons) {
        Instant now = Instant.now();
        return postAsStaff("/campaigns", Map.of("name", name, "quantity", coupons, "validFor", "P30D",
                "discount", Map.of("kind", "percent", "percent", percent, "cap", won(5_000)),
                "window", Map.of("opensAt", now.minusSeconds(60).toString(), "closesAt", now.plusSeconds(3600).toString())))
                .get("campaignId").asString();
    }

    void charge(String customer, int amount) {
        post(customer, "/wallets/me/charges", Map.of("amount", won(amount)));
    }

    String claimCoupon(String customer, String campaign) {
        return post(customer, "/campaigns/" + campaign + "/coupons", null).get("couponId").asString();
    }

    /** Places an order, once the order service has heard of what is ordered: it follows the others by some milliseconds. */
    String place(String customer, String product, int quantity, @Nullable String coupon) {
        List<?> lines = List.of(Map.of("productId", product, "quantity", quantity));
        Map<String, Object> body = coupon == null ? Map.of("lines", lines) : Map.of("lines", lines, "couponId", coupon);
        return soon(() -> post(customer, "/orders", body), "unknown-product", "unknown-coupon").get("orderId").asString();
    }

    /** Asks to pay an order, and does not wait for the outcome. */
    void startPaying(String customer, String order) {
        post(customer, "/orders/" + order + "/payment", null);
    }

    /** Pays an order and waits for the outcome: the order's standing. */
    JsonNode pay(String customer, String order) {
        return read(request(tokens.customer(customer), "/orders/" + order + "/payment").header("Prefer", "wait=20")
                .header("Idempotency-Key", keys.get()).POST(HttpRequest.BodyPublishers.noBody()));
    }

    JsonNode get(String customer, String path) {
        return read(request(tokens.customer(customer), path).GET());
    }

    JsonNode getAsStaff(String path) {
        return read(request(tokens.staff(STAFF), path).GET());
    }

    JsonNode postAsStaff(String path, Object body) {
        return read(posting(request(tokens.staff(STAFF), path), body));
    }

    /** What was answered to a request, a problem as well. */
    record Answer(int status, JsonNode body) {
    }

    /** Asks for something, and passes on the answer whatever it is. */
    Answer ask(String customer, String path, @Nullable Object body, String... headers) {
        HttpRequest.Builder request = posting(request(tokens.customer(customer), path), body);
        HttpResponse<String> answer = send(headers.length == 0 ? request : request.headers(headers));
        return new Answer(answer.statusCode(), json.readTree(answer.body().isEmpty() ? "null" : answer.body()));
    }

    private JsonNode post(String customer, String path, @Nullable Object body) {
        return read(posting(request(tokens.customer(customer), path), body));
    }

    private HttpRequest.Builder posting(HttpRequest.Builder request, @Nullable Object body) {
        request.header("Idempotency-Key", keys.get());
        return body == null ? request.POST(HttpRequest.BodyPublishers.noBody())
                : request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
    }

    private HttpRequest.Builder request(String token, String path) {
        return HttpRequest.newBuilder(URI.create(addresses.apply(path) + path)).timeout(PATIENCE).header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException unreachable) {
            throw new CannotStartException("Nobody answers at " + request.build().uri() + ". Start the system first (./run), or set JANGTER_URL.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }

    private JsonNode read(HttpRequest.Builder request) {
        Instant end = Instant.now().plus(PATIENCE);
        HttpResponse<String> answer = send(request);
        while (answer.statusCode() == NOT_JUST_NOW && Instant.now().isBefore(end)) {
            pause(Duration.ofSeconds(answer.headers().firstValueAsLong("Retry-After").orElse(1)));
            answer = send(request);
        }
        return read(answer);
    }

    private JsonNode read(HttpResponse<String> answer) {
        JsonNode body = json.readTree(answer.body());
        if (answer.statusCode() >= 400) {
            throw new RefusedException(answer.request().method() + " " + answer.uri().getPath(), answer.statusCode(),
                    body.path("code").asString(""), answer.body());
        }
        return body;
    }

    private static <T> T soon(Supplier<T> attempt, String... meanwhile) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                return attempt.get();
            } catch (RefusedException refused) {
                if (!List.of(meanwhile).contains(refused.code()) || Instant.now().isAfter(end)) {
                    throw refused;
                }
                pause();
            }
        }
    }

    /** A moment, until things may have changed. */
    static void pause() {
        pause(LOOK_AGAIN_AFTER);
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }

    private static Map<String, Object> won(int amount) {
        return Map.of("amount", amount, "currency", "KRW");
    }
}
