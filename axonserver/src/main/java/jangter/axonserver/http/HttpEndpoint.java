package jangter.axonserver.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo.SegmentStatus;
import jangter.axonserver.processors.Instance;
import jangter.axonserver.processors.ProcessorFailure;
import jangter.axonserver.processors.Processors;
import jangter.axonserver.processors.Processors.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Health, what the node is, processors and their control, and the emptying of the store for tests. */
public final class HttpEndpoint implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Node node;
    private final @Nullable String token;
    private final Processors processors;
    private final @Nullable Runnable purge;

    private record Answer(int status, Object body) {
    }

    /** What the server says of itself. */
    public record Node(String name, String host, int grpcPort) {
    }

    private HttpEndpoint(HttpServer server, ExecutorService threads, Node node, @Nullable String token, Processors processors,
                         @Nullable Runnable purge) {
        this.server = server;
        this.threads = threads;
        this.node = node;
        this.token = token;
        this.processors = processors;
        this.purge = purge;
    }

    /**
     * @param token that all but the health request have to bring, {@code null} for none
     * @param purge empties the store, {@code null} if that is not allowed
     */
    public static HttpEndpoint start(InetSocketAddress address, Node node, @Nullable String token, Processors processors,
                                     @Nullable Runnable purge) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "axonserver-http");
            thread.setDaemon(true);
            return thread;
        });
        HttpEndpoint endpoint = new HttpEndpoint(server, threads, node, token, processors, purge);
        server.setExecutor(threads);
        server.createContext("/", endpoint::handle);
        server.start();
        return endpoint;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = Json.write(answer.body()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) {
        String[] path = Arrays.stream(exchange.getRequestURI().getPath().split("/")).filter(part -> !part.isEmpty()).toArray(String[]::new);
        String address = exchange.getRequestMethod() + " /" + String.join("/", path);
        if (address.equals("GET /actuator/health")) {
            return new Answer(200, Map.of("status", "UP"));
        }
        if (!mayEnter(exchange)) {
            return error(401, "AXONIQ-1001", "Missing or invalid access token");
        }
        try {
            return switch (address) {
                case "GET /v1/public/me" -> new Answer(200, me());
                case "GET /v1/public" -> new Answer(200, List.of(me()));
                case "DELETE /v1/devmode/purge-events" -> purge();
                default -> processors(exchange, path);
            };
        } catch (ProcessorFailure e) {
            return failure(e);
        } catch (CompletionException e) {
            return e.getCause() instanceof ProcessorFailure failure ? failure(failure) : error(504, "AXONIQ-1004", "No answer from the client in time");
        } catch (RuntimeException e) {
            log.error("Cannot answer {}", address, e);
            return error(500, "AXONIQ-0001", "Internal error");
        }
    }

    private boolean mayEnter(HttpExchange exchange) {
        if (token == null) {
            return true;
        }
        String brought = exchange.getRequestHeaders().getFirst("AxonIQ-Access-Token");
        return brought != null
                && MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), brought.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Object> me() {
        return new TreeMap<>(Map.of(
                "name", node.name(),
                "hostName", node.host(),
                "grpcPort", node.grpcPort(),
                "httpPort", port(),
                "contextNames", List.of("default"),
                "authentication", token != null,
                "development", true,
                "product", "Jangter development server for the Axon Server protocol"));
    }

    private Answer purge() {
        if (purge == null) {
            return error(403, "AXONIQ-0001", "This server keeps its events; it was not started as purgeable");
        }
        purge.run();
        return new Answer(200, Map.of("purged", true));
    }

    /** {@code /v1/components/{component}/processors[/{processor}/pause|start|segments/split|segments/merge]}. */
    private Answer processors(HttpExchange exchange, String[] path) {
        boolean known = path.length >= 4 && path[0].equals("v1") && path[1].equals("components") && path[3].equals("processors");
        if (known && path.length == 4 && exchange.getRequestMethod().equals("GET")) {
            return new Answer(200, listed(path[2]));
        }
        if (known && path.length > 5 && exchange.getRequestMethod().equals("PATCH")) {
            Function<Processor, CompletableFuture<Void>> order = switch (String.join("/", Arrays.copyOfRange(path, 5, path.length))) {
                case "pause" -> processors::pause;
                case "start" -> processors::start;
                case "segments/split" -> processors::split;
                case "segments/merge" -> processors::merge;
                default -> null;
            };
            if (order != null) {
                order.apply(new Processor(path[4], parameter(exchange, "tokenStoreIdentifier"))).join();
                return new Answer(200, Map.of("done", true));
            }
        }
        return error(404, "AXONIQ-0001", "No such address");
    }

    private List<Object> listed(String component) {
        return processors.all().entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(instance -> instance.client().component().equals(component)))
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Object describe(Processor processor, List<Instance> instances) {
        EventProcessorInfo any = instances.get(0).info();
        return new TreeMap<>(Map.of(
                "name", processor.name(),
                "tokenStoreIdentifier", processor.tokenStore(),
                "mode", any.getMode(),
                "isStreaming", any.getIsStreamingProcessor(),
                "activeThreads", instances.stream().mapToInt(instance -> instance.info().getActiveThreads()).sum(),
                "running", instances.stream().anyMatch(instance -> instance.info().getRunning()),
                "trackers", instances.stream()
                        .flatMap(instance -> instance.info().getSegmentStatusList().stream()
                                .map(segment -> describe(instance.client().id(), segment)))
                        .toList()));
    }

    private static Object describe(String client, SegmentStatus segment) {
        return new TreeMap<>(Map.of(
                "clientId", client,
                "segmentId", segment.getSegmentId(),
                "onePartOf", segment.getOnePartOf(),
                "tokenPosition", segment.getTokenPosition(),
                "caughtUp", segment.getCaughtUp(),
                "replaying", segment.getReplaying(),
                "errorState", segment.getErrorState()));
    }

    private static String parameter(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : Arrays.stream(query.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
    }

    private static Answer failure(ProcessorFailure failure) {
        return error(failure.code().equals("AXONIQ-2800") ? 404 : 502, failure.code(), String.valueOf(failure.getMessage()));
    }

    private static Answer error(int status, String code, String message) {
        return new Answer(status, Map.of("errorCode", code, "message", message));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
