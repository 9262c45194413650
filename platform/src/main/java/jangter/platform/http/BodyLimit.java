package jangter.platform.http;

import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Turns away what says to be larger than anything that is taken here, before it is read. Who says no length, or less than comes, is
 * stopped at the same limit by what reads the body.
 */
final class BodyLimit implements WebFilter, Ordered {

    private final DataSize most;
    private final EarlyAnswers answers;

    BodyLimit(DataSize most, EarlyAnswers answers) {
        this.most = most;
        this.answers = answers;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return exchange.getRequest().getHeaders().getContentLength() > most.toBytes()
                ? answers.refuse(exchange, Problems.contentTooLarge()) : chain.filter(exchange);
    }
}
