package jangter.platform.http;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import jangter.kernel.Money;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.module.SimpleModule;

/** The HTTP edge, the same for every service. */
@Configuration(proxyBeanMethods = false)
@Import(Problems.class)
@EnableConfigurationProperties(HttpSettings.class)
public class HttpConfiguration {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Arguments.TYPES.toArray(Class[]::new))
                .replaceWithSchema(Money.class, new ObjectSchema().description("A sum in the currency's minor units.")
                        .addProperty("amount", new IntegerSchema().format("int64"))
                        .addProperty("currency", new StringSchema().example("KRW")));
    }

    @Bean
    @ConditionalOnMissingBean(name = "nonces")
    Supplier<UUID> nonces() {
        return UUID::randomUUID;
    }

    @Bean
    WebFluxConfigurer handlerArguments(Identity identity, Supplier<UUID> nonces, Clock clock) {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
                configurer.addCustomResolver(new Arguments(identity, nonces, clock));
            }
        };
    }

    /** What comes from outside means what it says or is refused: nothing unknown, nothing twice, nothing bent into another type. */
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return mapper -> mapper
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                // a value type's questions, such as isNegative, are no part of what it says
                .changeDefaultVisibility(visibility -> visibility.withVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE))
                .addModule(new SimpleModule("times from text").addDeserializer(Instant.class, new FromText<>(Instant.class, Instant::parse))
                        .addDeserializer(Duration.class, new FromText<>(Duration.class, Duration::parse)))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    }

    @Bean
    Trace trace(Supplier<UUID> nonces) {
        return new Trace(nonces);
    }

    @Bean
    EarlyAnswers earlyAnswers(ServerCodecConfigurer codecs) {
        return new EarlyAnswers(codecs);
    }

    @Bean
    Gate gate(HttpSettings settings, ObjectProvider<Backing> backings, @Value("${management.endpoints.web.base-path:/actuator}") String actuator,
            EarlyAnswers answers, MeterRegistry meters) {
        return new Gate(settings.mostInFlight(), backings.orderedStream().toList(), actuator, answers, meters);
    }

    @Bean
    BodyLimit bodyLimit(@Value("${spring.http.codecs.max-in-memory-size}") DataSize most, EarlyAnswers answers) {
        return new BodyLimit(most, answers);
    }

    @Bean
    RateLimit rateLimit(ObjectProvider<Limited> doors, HttpSettings settings, Identity identity, Clock clock, EarlyAnswers answers, MeterRegistry meters) {
        return new RateLimit(doors.stream().toList(), settings.rate(), identity, clock, answers, meters);
    }

    @Bean
    ShortWays shortWays(ObjectProvider<ShortWay<?>> ways, Identity identity, RateLimit limit, OnBehalf onBehalf, EarlyAnswers answers, Supplier<UUID> nonces,
            Clock clock) {
        return new ShortWays(ways.stream().toList(), identity, limit, onBehalf, answers, nonces, clock);
    }

    @Bean
    OperationCustomizer argumentsByType() {
        return new ArgumentsByType();
    }

    @Bean
    OpenAPI openApi() {
        SecurityScheme token = new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer").bearerFormat("JWT")
                .description("A token of the shop's issuer for the audience jangter: its subject is the customer; the role staff opens the staff's doors.");
        return new OpenAPI()
                .info(new Info().title("Jangter").description("Orders, payments, stock and coupons of a shop.")
                        .license(new License().name("Apache-2.0")))
                .components(new Components().addSecuritySchemes("token", token))
                .addSecurityItem(new SecurityRequirement().addList("token"));
    }
}
