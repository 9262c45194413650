package jangter.platform.http;

import org.springframework.web.server.ServerWebExchange;
import reactor.util.context.Context;

/** Makes the context of what is done for a request, once it is known who sends it. */
public interface OnBehalf {

    Context of(Caller caller, ServerWebExchange exchange);
}
