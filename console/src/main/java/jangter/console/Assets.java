package jangter.console;

import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The page itself: files as they lie here, nothing built, nothing from elsewhere. It may load and call nothing but its own origin, runs no
 * script that is not one of these files, and cannot be framed.
 */
@Configuration(proxyBeanMethods = false)
class Assets {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final ClassPathResource FOLDER = new ClassPathResource("console/");
    private static final ClassPathResource PAGE = new ClassPathResource("console/index.html");

    @Bean
    RouterFunction<ServerResponse> consolePages() {
        return RouterFunctions.route()
                .GET("/console", request -> ServerResponse.permanentRedirect(URI.create("/console/")).build())
                .GET("/console/", request -> ServerResponse.ok().contentType(MediaType.TEXT_HTML).bodyValue(PAGE))
                .resources("/console/**", FOLDER)
                .after(Assets::guarded)
                .build();
    }

    /** Both headers are set on each answer, so that no rule of the whole server's stands in their place. */
    private static ServerResponse guarded(ServerRequest request, ServerResponse answer) {
        HttpHeaders headers = request.exchange().getResponse().getHeaders();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache");
        return answer;
    }
}
