package jangter.platform.http;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** What an answer of data tells browsers: to load nothing, to guess nothing, to keep nothing. Spring Security's filters say the same. */
public final class SafeHeaders {

    public static final String CONTENT_POLICY = "Content-Security-Policy";
    public static final String NOTHING_MAY_BE_LOADED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String SECURE = "https";

    private SafeHeaders() {
    }

    static void write(ServerWebExchange exchange) {
        HttpHeaders answer = exchange.getResponse().getHeaders();
        if (SECURE.equals(exchange.getRequest().getURI().getScheme())) {
            answer.set("Strict-Transport-Security", "max-age=31536000 ; includeSubDomains");
        }
        answer.set(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate");
        answer.set(HttpHeaders.PRAGMA, "no-cache");
        answer.set(HttpHeaders.EXPIRES, "0");
        answer.set("X-Content-Type-Options", "nosniff");
        answer.set("X-Frame-Options", "DENY");
        answer.set("X-XSS-Protection", "0");
        answer.set("Referrer-Policy", "no-referrer");
        answer.set(CONTENT_POLICY, NOTHING_MAY_BE_LOADED);
    }
}
