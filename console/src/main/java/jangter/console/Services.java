package jangter.console;

import jangter.kernel.UnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientException;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The other services, over HTTP, each at its address; in one JVM they are called in the same way, at the console's own. What they refuse is
 * handed on as they said it.
 */
@Component
class Services {

    private static final String CHECKOUTS = "saga";
    /** The one service that there seems to be when all answer at one address. */
    static final String ALL = "all";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LARGEST_ANSWER = 16 << 20;

    private final Map<String, URI> addresses;
    private final Duration patience;
    private final String host;
    private final WebClient http = WebClient.builder().codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(LARGEST_ANSWER)).build();
    private volatile @Nullable URI own;

    Services(ConsoleSettings settings, Environment environment) {
        this.addresses = new TreeMap<>(settings.services());
        this.patience = settings.patience();
        this.host = environment.getProperty("server.address", "127.0.0.1");
    }

    @EventListener
    void started(WebServerInitializedEvent event) {
        String reachable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        own = URI.create("http://" + (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":" + event.getWebServer().getPort());
    }

    /** Their names; {@value #ALL} alone if they share one address. */
    List<String> names() {
        return addresses.isEmpty() ? List.of(ALL) : List.copyOf(addresses.keySet());
    }

    boolean has(String service) {
        return names().contains(service);
    }

    /** The one that knows the checkouts. */
    String checkouts() {
        return addresses.isEmpty() ? ALL : CHECKOUTS;
    }

    /** What a service tells, to be understood; a refusal of its is the answer to the console's caller too. */
    Mono<JsonNode> getJson(String service, String pathAndQuery, Forwarded forwarded) {
        return get(service, pathAndQuery, forwarded).flatMap(answer -> answer.getStatusCode().is2xxSuccessful()
                ? Mono.just(JSON.readTree(answer.getBody()))
                : Mono.error(new ResponseStatusException(answer.getStatusCode())));
    }

    /** What a service answers, in its own words. */
    Mono<ResponseEntity<byte[]>> get(String service, String pathAndQuery, Forwarded forwarded) {
        return exchange(http.get().uri(at(service, pathAndQuery)).headers(forwarded::to));
    }

    Mono<ResponseEntity<byte[]>> post(String service, String path, byte[] body, Forwarded forwarded) {
        return exchange(http.method(HttpMethod.POST).uri(at(service, path)).headers(forwarded::to).contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body));
    }

    private Mono<ResponseEntity<byte[]>> exchange(WebClient.RequestHeadersSpec<?> request) {
        return request.exchangeToMono(answer -> answer.toEntity(byte[].class))
                .timeout(patience)
                .onErrorMap(failure -> failure instanceof TimeoutException || failure instanceof WebClientException,
                        failure -> new UnavailableException("A service did not answer in time", failure))
                .map(answer -> ResponseEntity.status(answer.getStatusCode()).headers(told(answer.getHeaders())).body(answer.getBody()));
    }

    private static HttpHeaders told(HttpHeaders headers) {
        HttpHeaders told = new HttpHeaders();
        if (headers.getContentType() != null) {
            told.setContentType(headers.getContentType());
        }
        String retryAfter = headers.getFirst(HttpHeaders.RETRY_AFTER);
        if (retryAfter != null) {
            told.set(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        return told;
    }

    private URI at(String service, String pathAndQuery) {
        URI base = addresses.isEmpty() ? own : addresses.get(service);
        if (base == null) {
            throw new UnavailableException("There is no address of " + service, new IllegalStateException(service));
        }
        return URI.create(base + pathAndQuery);
    }
}
