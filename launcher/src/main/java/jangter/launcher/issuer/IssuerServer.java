package jangter.launcher.issuer;

import java.nio.file.Path;
import java.time.Clock;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The issuer alone on the loopback address, for services that run apart. */
public final class IssuerServer implements AutoCloseable {

    public static final String HOST = "127.0.0.1";
    public static final int USUAL_PORT = 8090;

    private final DisposableServer server;
    private final DevelopmentIssuer issuer;

    private IssuerServer(DisposableServer server, DevelopmentIssuer issuer) {
        this.server = server;
        this.issuer = issuer;
    }

    /** @param port one that is free */
    public static IssuerServer start(Path data, int port) {
        DevelopmentIssuer issuer = DevelopmentIssuer.named("http://" + HOST + ":" + port, data, Clock.systemUTC());
        DisposableServer server = HttpServer.create().host(HOST).port(port)
                .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(issuer.routes()))).bindNow();
        return new IssuerServer(server, issuer);
    }

    /** Where it is, which is its name too. */
    public String uri() {
        return issuer.name();
    }

    /** Returns when it is stopped. */
    public void await() {
        server.onDispose().block();
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
