package jangter.launcher.issuer;

import jangter.platform.security.Door;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.JwkSetUriReactiveJwtDecoderBuilderCustomizer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import reactor.core.publisher.Mono;

/** Puts the issuer into a JVM that has services in it. Only code can do that: no setting brings it into a service. */
public final class EmbeddedIssuer {

    private EmbeddedIssuer() {
    }

    public static void register(DevelopmentIssuer issuer, GenericApplicationContext context) {
        context.registerBean("developmentIssuer", RouterFunction.class, issuer::routes);
        context.registerBean("developmentIssuerDoor", Door.class,
                () -> Door.open(DevelopmentIssuer.TOKENS, DevelopmentIssuer.KEYS, DevelopmentIssuer.DISCOVERY));
        context.registerBean("developmentIssuerKeys", JwkSetUriReactiveJwtDecoderBuilderCustomizer.class, () -> keysAtHand(issuer.keys()));
    }

    /** Who has the keys in the same JVM need not ask for them over the wire. */
    private static JwkSetUriReactiveJwtDecoderBuilderCustomizer keysAtHand(String keys) {
        WebClient here = WebClient.builder().exchangeFunction(request -> Mono.just(ClientResponse.create(HttpStatus.OK)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE).body(keys).build())).build();
        return decoder -> decoder.webClient(here);
    }
}
