package jangter.benchmarks;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** A shop's HTTP, ours or a yardstick's. */
final class Door implements AutoCloseable {

    /** Fewer than the shop serves at once by default: who waits for a connection waits here, and the wait counts. */
    private static final int MOST_CONNECTIONS = 500;
    private static final int MOST_WAITING = 100_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ConnectionProvider connections = ConnectionProvider.builder("bench").maxConnections(MOST_CONNECTIONS)
            .pendingAcquireMaxCount(MOST_WAITING).pendingAcquireTimeout(PATIENCE.multipliedBy(2)).build();
    private final HttpClient http;
    private final URI address;

    Door(URI address) {
        this.address = address;
        this.http = HttpClient.create(connections).baseUrl(address.toString()).responseTimeout(PATIENCE);
    }

    record Answer(int status, String body) {

        boolean isGood() {
            return status < 300;
        }
    }

    URI address() {
        return address;
    }

    Mono<Answer> get(Consumer<HttpHeaders> who, String path) {
        return http.headers(who::accept).get().uri(path).responseSingle((response, body) -> answer(response.status().code(), body));
    }

    Mono<Answer> post(Consumer<HttpHeaders> who, String path, @Nullable String json) {
        HttpClient.RequestSender sender = http.headers(headers -> {
            who.accept(headers);
            if (json != null) {
                headers.set("Content-Type", "application/json");
            }
        }).post().uri(path);
        return (json == null ? sender : sender.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8)))))
                .responseSingle((response, body) -> answer(response.status().code(), body));
    }

    private static Mono<Answer> answer(int status, ByteBufMono body) {
        return body.asString().defaultIfEmpty("").map(text -> new Answer(status, text));
    }

    @Override
    public void close() {
        connections.dispose();
    }
}
