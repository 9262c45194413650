package jangter.benchmarks;

import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How a request says who asks: the one place that knows. Each token is asked for once, of the shop's issuer for trying out. */
final class Passes {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();
    private static volatile URI issuer = URI.create("http://127.0.0.1:8080");

    private Passes() {
    }

    /** From now on tokens come from there. */
    static void from(URI shop) {
        issuer = shop;
        TOKENS.clear();
    }

    static void asCustomer(HttpHeaders headers, String customer) {
        headers.set("Authorization", "Bearer " + TOKENS.computeIfAbsent("customer=" + customer, Passes::ask));
    }

    static void asStaff(HttpHeaders headers) {
        headers.set("Authorization", "Bearer " + TOKENS.computeIfAbsent("customer=bench-staff&staff=true", Passes::ask));
    }

    private static String ask(String form) {
        HttpRequest request = HttpRequest.newBuilder(issuer.resolve("/dev/tokens")).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form + "&lifetime=PT24H")).build();
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new CannotMeasureException("No token for " + form + " from " + issuer + ": " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotMeasureException("Interrupted.");
        }
    }
}
