package jangter.benchmarks.yardstick;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A yardstick behind the same HTTP as our shop's payment: {@code POST /orders/{id}/payment}, answered with the outcome. */
public final class YardstickServer implements AutoCloseable {

    /** How many checkouts it does at once, each on a connection and a thread of its own. */
    private static final int AT_ONCE = 32;

    private final Checkouts checkouts;
    private final Scheduler threads = Schedulers.newBoundedElastic(AT_ONCE, Integer.MAX_VALUE, "checkouts");
    private final DisposableServer server;

    private YardstickServer(Checkouts checkouts, int port) {
        this.checkouts = checkouts;
        RouterFunction<ServerResponse> routes = RouterFunctions.route()
                .POST("/orders/{id}/payment", this::pay)
                .GET("/health", request -> ServerResponse.ok().build()).build();
        server = HttpServer.create().host("127.0.0.1").port(port)
                .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes))).bindNow();
    }

    /** @param folder for the coordinator's log, where there is one */
    public static YardstickServer start(Yardstick yardstick, PostgresAddress postgres, Path folder, int port) {
        return new YardstickServer(yardstick.checkouts(postgres, folder, AT_ONCE), port);
    }

    public void awaitEnd() {
        server.onDispose().block();
    }

    private Mono<ServerResponse> pay(ServerRequest request) {
        int order = Integer.parseInt(request.pathVariable("id"));
        int customer = Integer.parseInt(request.headers().firstHeader("X-Customer"));
        return Mono.fromCallable(() -> checkouts.pay(order, customer)).subscribeOn(threads)
                .flatMap(outcome -> ServerResponse.ok().bodyValue(Map.of("orderId", order, "outcome", outcome)));
    }

    @Override
    public void close() {
        server.disposeNow();
        threads.dispose();
        checkouts.close();
    }
}
