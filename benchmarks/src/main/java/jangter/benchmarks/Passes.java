package jangter.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * How a request says who asks: the one place that knows. Each token is asked for once, of the shop's issuer for trying out: best before
 * anything is measured.
 */
final class Passes {

    private static final int AT_ONCE = 4;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Headers> passes = new ConcurrentHashMap<>();
    private final URI issuer;

    Passes(URI issuer) {
        this.issuer = issuer;
    }

    /** Asks for the tokens of those who will come. */
    void expect(Stream<String> customers) {
        Flux.fromStream(customers).parallel(AT_ONCE).runOn(Schedulers.boundedElastic()).doOnNext(this::ofCustomer).sequential().then().block();
    }

    Headers ofCustomer(String customer) {
        return of("customer=" + customer);
    }

    Headers ofStaff() {
        return of("customer=bench-staff&staff=true");
    }

    private Headers of(String form) {
        // who is known is found without a lock
        Headers known = passes.get(form);
        return known != null ? known : passes.computeIfAbsent(form, unknown -> Headers.of("Authorization", "Bearer " + ask(unknown)));
    }

    private String ask(String form) {
        HttpRequest request = HttpRequest.newBuilder(issuer.resolve("/dev/tokens")).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form + "&lifetime=PT24H")).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
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
