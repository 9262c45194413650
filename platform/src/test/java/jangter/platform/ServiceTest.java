package jangter.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextConfiguration;

/**
 * Starts one service on a free port, with a Mongo in memory and with Axon's buses and event store inside the test's JVM, and gives it a
 * {@code WebTestClient}. Requests bring {@link Tokens}. Its clock is a {@link MovableClock}; what others say is published through the
 * {@code EventGateway}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {"axon.axonserver.enabled=false",
    "spring.test.webtestclient.timeout=30s",
    "spring.security.oauth2.resourceserver.jwt.issuer-uri=" + Tokens.ISSUER,
    "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + Tokens.ISSUER + "/keys"})
@ContextConfiguration(initializers = EmbeddedMongo.class)
@EnableAutoConfiguration
@AutoConfigureWebTestClient
@Import({InJvmMessaging.class, Tokens.class, Platform.class})
public @interface ServiceTest {

    /** The service's configuration. */
    @AliasFor(annotation = SpringBootTest.class, attribute = "classes")
    Class<?>[] value();
}
