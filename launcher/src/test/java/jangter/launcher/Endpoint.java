package jangter.launcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be asked for over HTTP, with an example that works.
 *
 * @param what method and path pattern, as Spring knows them
 * @param access for whom it is
 * @param example the path of the example; {@code {order}} and the like are things of the owner's
 * @param body the example's body, if it has one
 * @param status what the example is answered
 */
record Endpoint(String what, Access access, String example, @Nullable String body, int status) {

    /** For whom it is. What is its owner's is unknown to all others, staff among them. */
    enum Access {
        ANYONE, SIGNED_IN, OWNER, STAFF
    }

    private static final String WON = "{\"amount\":100,\"currency\":\"KRW\"}";
    private static final String ORDER = "{\"lines\":[{\"productId\":\"{product}\",\"quantity\":1}]}";
    private static final String REASON = "{\"reason\":\"A test\"}";
    private static final String CAMPAIGN = "{\"name\":\"Autumn\",\"quantity\":5,\"validFor\":\"P30D\",\"discount\":{\"kind\":\"percent\",\"percent\":10,\"cap\":" + WON
            + "},\"window\":{\"opensAt\":\"2026-01-01T00:00:00Z\",\"closesAt\":\"2099-01-01T00:00:00Z\"}}";

    /** All there are: a test sees to it that none is missing. */
    static final List<Endpoint> ALL = List.of(
            new Endpoint("GET /wallets/me", Access.SIGNED_IN, "/wallets/me", null, 200),
            new Endpoint("GET /wallets/me/history", Access.SIGNED_IN, "/wallets/me/history", null, 200),
            new Endpoint("POST /wallets/me/charges", Access.SIGNED_IN, "/wallets/me/charges", "{\"amount\":" + WON + "}", 201),

            new Endpoint("GET /products", Access.ANYONE, "/products", null, 200),
            new Endpoint("GET /products/popular", Access.ANYONE, "/products/popular", null, 200),
            new Endpoint("GET /products/{id}", Access.ANYONE, "/products/{product}", null, 200),
            new Endpoint("POST /products", Access.STAFF, "/products", "{\"name\":\"Fig\",\"price\":" + WON + ",\"stock\":3}", 201),
            new Endpoint("PUT /products/{id}/price", Access.STAFF, "/products/{product}/price", "{\"price\":" + WON + "}", 204),
            new Endpoint("POST /products/{id}/stock", Access.STAFF, "/products/{product}/stock", "{\"quantity\":1}", 201),

            new Endpoint("GET /campaigns", Access.ANYONE, "/campaigns", null, 200),
            new Endpoint("GET /campaigns/{id}", Access.ANYONE, "/campaigns/{campaign}", null, 200),
            new Endpoint("POST /campaigns", Access.STAFF, "/campaigns", CAMPAIGN, 201),
            new Endpoint("POST /campaigns/{id}/coupons", Access.SIGNED_IN, "/campaigns/{campaign}/coupons", null, 201),
            new Endpoint("GET /coupons/me", Access.SIGNED_IN, "/coupons/me", null, 200),

            new Endpoint("GET /orders", Access.SIGNED_IN, "/orders", null, 200),
            new Endpoint("POST /orders", Access.SIGNED_IN, "/orders", ORDER, 201),
            new Endpoint("GET /orders/{id}", Access.OWNER, "/orders/{order}", null, 200),
            new Endpoint("GET /orders/{id}/stream", Access.OWNER, "/orders/{order}/stream", null, 200),
            new Endpoint("POST /orders/{id}/payment", Access.OWNER, "/orders/{order}/payment", null, 202),
            new Endpoint("DELETE /orders/{id}", Access.OWNER, "/orders/{order}", null, 204),

            new Endpoint("GET /checkouts", Access.STAFF, "/checkouts", null, 200),
            new Endpoint("GET /checkouts/{id}", Access.STAFF, "/checkouts/{paid}", null, 200),
            new Endpoint("GET /checkouts/overview", Access.STAFF, "/checkouts/overview", null, 200),
            new Endpoint("GET /checkouts/overview/stream", Access.STAFF, "/checkouts/overview/stream", null, 200),
            new Endpoint("POST /checkouts/{id}/retry", Access.STAFF, "/checkouts/{paid}/retry", REASON, 409),
            new Endpoint("POST /checkouts/{id}/compensation", Access.STAFF, "/checkouts/{paid}/compensation", REASON, 409),
            new Endpoint("POST /checkouts/{id}/parking", Access.STAFF, "/checkouts/{paid}/parking", REASON, 409),

            new Endpoint("GET /console/features", Access.ANYONE, "/console/features", null, 200),
            new Endpoint("GET /console/api/me", Access.STAFF, "/console/api/me", null, 200),
            new Endpoint("GET /console/api/overview", Access.STAFF, "/console/api/overview", null, 200),
            new Endpoint("GET /console/api/checkouts", Access.STAFF, "/console/api/checkouts", null, 200),
            new Endpoint("GET /console/api/checkouts/{order}", Access.STAFF, "/console/api/checkouts/{paid}", null, 200),
            new Endpoint("GET /console/api/checkouts/{order}/events", Access.STAFF, "/console/api/checkouts/{paid}/events", null, 200),
            new Endpoint("POST /console/api/checkouts/{order}/retry", Access.STAFF, "/console/api/checkouts/{paid}/retry", REASON, 409),
            new Endpoint("POST /console/api/checkouts/{order}/compensation", Access.STAFF, "/console/api/checkouts/{paid}/compensation", REASON, 409),
            new Endpoint("POST /console/api/checkouts/{order}/parking", Access.STAFF, "/console/api/checkouts/{paid}/parking", REASON, 409),
            new Endpoint("GET /console/api/processors", Access.STAFF, "/console/api/processors", null, 200),
            new Endpoint("GET /console/api/deadletters", Access.STAFF, "/console/api/deadletters", null, 200),
            new Endpoint("POST /console/api/services/{service}/processors/{name}", Access.STAFF, "/console/api/services/all/processors/order-views",
                    "{\"action\":\"resume\"}", 200),
            new Endpoint("POST /console/api/services/{service}/deadletters/{name}", Access.STAFF, "/console/api/services/all/deadletters/order-views",
                    "{\"action\":\"retry\"}", 200),
            new Endpoint("GET /console/api/aggregates/{id}", Access.STAFF, "/console/api/aggregates/{order}", null, 200),
            new Endpoint("GET /console/api/events", Access.STAFF, "/console/api/events", null, 200),
            new Endpoint("GET /console/api/try", Access.STAFF, "/console/api/try", null, 200),
            new Endpoint("POST /console/api/try", Access.STAFF, "/console/api/try", "{\"scenario\":\"nothing\"}", 400),

            new Endpoint("GET /docs", Access.ANYONE, "/docs", null, 302),
            new Endpoint("GET /openapi", Access.ANYONE, "/openapi", null, 200),
            new Endpoint("GET /openapi.yaml", Access.ANYONE, "/openapi.yaml", null, 200),
            new Endpoint("GET /openapi/swagger-config", Access.ANYONE, "/openapi/swagger-config", null, 200),
            new Endpoint("GET /.well-known/openid-configuration", Access.ANYONE, "/.well-known/openid-configuration", null, 200),
            new Endpoint("GET /dev/keys", Access.ANYONE, "/dev/keys", null, 200),
            new Endpoint("POST /dev/tokens", Access.ANYONE, "/dev/tokens", "{\"customer\":\"alice\"}", 200),

            new Endpoint("GET /actuator", Access.STAFF, "/actuator", null, 200),
            new Endpoint("GET /actuator/health", Access.ANYONE, "/actuator/health", null, 200),
            new Endpoint("GET /actuator/health/{*path}", Access.ANYONE, "/actuator/health/liveness", null, 200),
            new Endpoint("GET /actuator/info", Access.STAFF, "/actuator/info", null, 200),
            new Endpoint("GET /actuator/metrics", Access.STAFF, "/actuator/metrics", null, 200),
            new Endpoint("GET /actuator/metrics/{requiredMetricName}", Access.STAFF, "/actuator/metrics/jvm.info", null, 200),
            new Endpoint("GET /actuator/prometheus", Access.STAFF, "/actuator/prometheus", null, 200),
            new Endpoint("GET /actuator/processors", Access.STAFF, "/actuator/processors", null, 200),
            new Endpoint("GET /actuator/processors/{name}", Access.STAFF, "/actuator/processors/order-views", null, 200),
            new Endpoint("POST /actuator/processors/{name}", Access.STAFF, "/actuator/processors/order-views", "{\"action\":\"resume\"}", 200),
            new Endpoint("GET /actuator/deadletters", Access.STAFF, "/actuator/deadletters", null, 200),
            new Endpoint("GET /actuator/deadletters/{processor}", Access.STAFF, "/actuator/deadletters/order-views", null, 200),
            new Endpoint("POST /actuator/deadletters/{processor}", Access.STAFF, "/actuator/deadletters/order-views", "{\"action\":\"retry\"}", 200),
            new Endpoint("GET /actuator/aggregates/{aggregateId}", Access.STAFF, "/actuator/aggregates/{order}", null, 200),
            new Endpoint("GET /actuator/sbom", Access.STAFF, "/actuator/sbom", null, 200),
            new Endpoint("GET /actuator/sbom/{id}", Access.STAFF, "/actuator/sbom/application", null, 404));

    String method() {
        return what.substring(0, what.indexOf(' '));
    }

    boolean isPost() {
        return method().equals("POST");
    }
}
