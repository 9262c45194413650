package jangter.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gets tokens from a development issuer, one for each who asks, and keeps them. */
final class TrialTokens {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private final String issuer;

    /** @param issuer where {@code POST /dev/tokens} is answered */
    TrialTokens(String issuer) {
        this.issuer = issuer;
    }

    String customer(String id) {
        return known.computeIfAbsent("customer=" + id, this::ask);
    }

    String staff(String id) {
        return known.computeIfAbsent("staff=true&customer=" + id, this::ask);
    }

    private String ask(String form) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + "/dev/tokens")).timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(form + "&lifetime=PT24H")).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new CannotStartException("Nobody at " + issuer + " gives tokens for trying out (" + answer.statusCode()
                        + "). This needs a system that runs without an issuer of its own.");
            }
            return answer.body();
        } catch (IOException unreachable) {
            throw new CannotStartException("Nobody answers at " + request.uri() + ". Start the system first (./run), or set JANGTER_URL.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }
}
