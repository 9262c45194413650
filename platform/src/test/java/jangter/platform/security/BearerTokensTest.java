package jangter.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import reactor.core.publisher.Mono;

/** They are to say what Spring's own do. */
class BearerTokensTest {

    static Stream<List<String>> headers() {
        List<List<String>> headers = new ArrayList<>(List.of(List.of(), List.of(""), List.of("Basic YWxpY2U6"), List.of("Bearer"), List.of("Bearer "),
                List.of("Bearer  abc"), List.of("bearer abc"), List.of("BEARER abc"), List.of("Bearer abc="), List.of("Bearer ="), List.of("Bearerabc"),
                List.of("Bearer abc def"), List.of("Bearer abc", "Bearer def"), List.of("Bearer eyJhbGciOi-_J9.eyJ.x~+/y")));
        IntStream.range(0, 300).mapToObj(letter -> List.of("Bearer a" + (char) letter + "c")).forEach(headers::add);
        return headers.stream();
    }

    @ParameterizedTest
    @MethodSource("headers")
    void a_token_is_found_where_spring_finds_it(List<String> authorization) {
        assertThat(outcome(new BearerTokens(), authorization)).isEqualTo(outcome(new ServerBearerTokenAuthenticationConverter(), authorization));
    }

    private static String outcome(ServerAuthenticationConverter converter, List<String> authorization) {
        var request = MockServerHttpRequest.get("/orders").header(HttpHeaders.AUTHORIZATION, authorization.toArray(String[]::new));
        return converter.convert(MockServerWebExchange.from(request))
                .map(found -> "token " + ((BearerTokenAuthenticationToken) found).getToken()).defaultIfEmpty("none")
                .onErrorResume(failure -> Mono.just(failure.toString())).block();
    }

    @Test
    void a_header_is_plain_only_where_spring_lets_it_in() {
        var names = StrictServerWebExchangeFirewall.ALLOWED_HEADER_NAMES;
        var values = StrictServerWebExchangeFirewall.ALLOWED_HEADER_VALUES;
        for (int letter = 0; letter <= Character.MAX_VALUE; letter++) {
            String text = "a" + (char) letter + "c";
            assertThat(PlainText.or(names).test(text)).as("a name with letter %d", letter).isEqualTo(names.test(text));
            assertThat(PlainText.or(values).test(text)).as("a value with letter %d", letter).isEqualTo(values.test(text));
        }
        assertThat(PlainText.or(values).test(null)).isEqualTo(values.test(null));
        assertThat(PlainText.or(values).test("")).isEqualTo(values.test(""));
    }
}
