package jangter.platform.security;

import com.github.benmanes.caffeine.cache.Ticker;
import jangter.platform.http.EarlyAnswers;
import jangter.platform.http.SafeHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.CorsSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.HeaderSpec;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.authentication.ReactiveJwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.ReactiveJwtGrantedAuthoritiesConverterAdapter;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsConfigurationSource;
import reactor.core.publisher.Mono;

/**
 * Every service takes bearer tokens of the shop's issuer, and nothing else: no session, no cookie, and so nothing that another site could
 * ride on. Issuer, audience, time and signature are checked as Boot's own settings say
 * ({@code spring.security.oauth2.resourceserver.jwt}), the keys fetched from the issuer when the first token comes. {@link Door}s tell
 * who may come in without a token, or only as staff.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@EnableConfigurationProperties({SecuritySettings.class, OtherPages.class})
public class SecurityConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(SecurityConfiguration.class);
    private static final Pattern API_PAGE = Pattern.compile("/(docs|swagger-ui|webjars)(/.*)?");
    /** The API's page styles some of its parts in place. */
    private static final String OWN_PARTS_MAY_BE_LOADED = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Bean
    TokenIdentity identity(ReactiveJwtDecoder tokens, SecuritySettings settings) {
        return new TokenIdentity(new KnownTokens(tokens, new Roles(settings.rolesClaim()), Clock.systemUTC(), Ticker.systemTicker()));
    }

    /** Each filter would time itself otherwise, at every request. */
    @Bean
    SecurityObservationSettings noTimesOfFilters() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    OAuth2TokenValidator<Jwt> namesACustomer() {
        return new NamesACustomer();
    }

    /** What the API's page is made of, and its description. */
    @Bean
    Door apiPage() {
        return Door.openToRead("/docs", "/openapi/**", "/openapi.yaml", "/swagger-ui/**", "/webjars/**");
    }

    /** Whether it is well may be asked by anyone, such as whoever balances load; the details are for staff. */
    @Bean
    Door health(@Value("${management.endpoints.web.base-path:/actuator}") String actuator) {
        return Door.openToRead(actuator + "/health/**");
    }

    @Bean
    SecurityWebFilterChain doors(ServerHttpSecurity http, TokenIdentity identity, ObjectProvider<Door> doors, OtherPages others, EarlyAnswers answers, @Value("${management.endpoints.web.base-path:/actuator}") String actuator) {
        return http
                .csrf(ServerHttpSecurity.CsrfSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .headers(SecurityConfiguration::harden)
                .cors(cors -> open(cors, others.allowedOrigins()))
                .authorizeExchange(paths -> decide(paths, doors.orderedStream().toList(), actuator))
                .oauth2ResourceServer(bearer -> bearer
                        .bearerTokenConverter(new BearerTokens())
                        .jwt(jwt -> jwt.authenticationManager(check(identity.tokens())))
                        .authenticationFailureHandler((attempt, failure) -> refuse(attempt, failure, answers))
                        .authenticationEntryPoint((exchange, failure) -> answers.notSignedIn(exchange))
                        .accessDeniedHandler((exchange, denied) -> answers.notStaff(exchange)))
                .exceptionHandling(handling -> handling
                        .authenticationEntryPoint((exchange, failure) -> answers.notSignedIn(exchange))
                        .accessDeniedHandler((exchange, denied) -> answers.notStaff(exchange)))
                .build();
    }

    /** A request whose path or headers hide something is refused before anything looks at it. */
    @Bean
    ServerExchangeRejectedHandler hidingRequests(EarlyAnswers answers) {
        return (exchange, rejected) -> answers.malformed(exchange);
    }

    /** Spring's own, which takes plain headers at once. */
    @Bean
    ServerWebExchangeFirewall firewall() {
        StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
        firewall.setAllowedHeaderNames(PlainText.or(StrictServerWebExchangeFirewall.ALLOWED_HEADER_NAMES));
        firewall.setAllowedHeaderValues(PlainText.or(StrictServerWebExchangeFirewall.ALLOWED_HEADER_VALUES));
        return firewall;
    }

    private static void decide(AuthorizeExchangeSpec paths, List<Door> doors, String actuator) {
        doors.stream().filter(door -> door.is(Door.Access.STAFF)).forEach(door -> at(paths, door).hasRole(Roles.STAFF));
        doors.stream().filter(door -> door.is(Door.Access.ANYONE)).forEach(door -> at(paths, door).permitAll());
        paths.pathMatchers(actuator + "/**").hasRole(Roles.STAFF);
        paths.anyExchange().authenticated();
    }

    private static AuthorizeExchangeSpec.Access at(AuthorizeExchangeSpec paths, Door door) {
        String[] patterns = door.paths().toArray(String[]::new);
        return door.method() == null ? paths.pathMatchers(patterns) : paths.pathMatchers(door.method(), patterns);
    }

    /** An issuer that cannot be asked for its keys is its own case: nothing is known of the token then. */
    private static ReactiveAuthenticationManager check(KnownTokens tokens) {
        ReactiveJwtAuthenticationConverter somebody = new ReactiveJwtAuthenticationConverter();
        somebody.setJwtGrantedAuthoritiesConverter(new ReactiveJwtGrantedAuthoritiesConverterAdapter(tokens.roles()));
        JwtReactiveAuthenticationManager check = new JwtReactiveAuthenticationManager(tokens);
        check.setJwtAuthenticationConverter(somebody);
        return token -> check.authenticate(token).onErrorMap(failure -> !(failure instanceof AuthenticationException),
                failure -> new AuthenticationServiceException("The issuer's keys cannot be had", failure));
    }

    private static Mono<Void> refuse(WebFilterExchange attempt, AuthenticationException failure, EarlyAnswers answers) {
        if (failure instanceof AuthenticationServiceException) {
            LOG.warn("Answered 503: the keys of the tokens' issuer cannot be had: {}", String.valueOf(failure.getCause()));
            return answers.unavailable(attempt.getExchange());
        }
        return answers.badToken(attempt.getExchange());
    }

    private static void harden(HeaderSpec headers) {
        headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .writer(exchange -> {
                    boolean apiPage = API_PAGE.matcher(exchange.getRequest().getPath().value()).matches();
                    HttpHeaders answer = exchange.getResponse().getHeaders();
                    if (!answer.containsHeader(SafeHeaders.CONTENT_POLICY)) {
                        answer.set(SafeHeaders.CONTENT_POLICY, apiPage ? OWN_PARTS_MAY_BE_LOADED : SafeHeaders.NOTHING_MAY_BE_LOADED);
                    }
                    return Mono.empty();
                });
    }

    /** Pages of other origins are told nothing, unless they are named. */
    private static void open(CorsSpec cors, List<String> origins) {
        CorsConfiguration named = new CorsConfiguration();
        named.setAllowedOrigins(origins);
        named.setAllowedMethods(List.of("GET", "POST", "PUT", "DELETE"));
        named.setAllowedHeaders(List.of("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Prefer", "traceparent"));
        named.setExposedHeaders(List.of("Location", "Retry-After", "WWW-Authenticate", "X-Trace-Id"));
        named.setMaxAge(Duration.ofHours(1));
        CorsConfigurationSource source = exchange -> {
            String origin = exchange.getRequest().getHeaders().getOrigin();
            return origin != null && origins.contains(origin) ? named : null;
        };
        cors.configurationSource(source);
    }
}
