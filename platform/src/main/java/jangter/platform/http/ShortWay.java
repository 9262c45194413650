package jangter.platform.http;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;

/**
 * A request that comes in rushes, and is answered by a short way: past Spring Security's filters and the search for its handler, which cost several times what
 * is asked for. As a bean it tells of one. Its handler stands in a controller all the same, which describes it and answers those who do not come plainly: without a good
 * bearer token, under an idempotency key, or for another site's page. Either way says the same.
 *
 * <p>It is for anyone who is signed in: doors are not asked.
 *
 * @param path a pattern, such as {@code /campaigns/{id}/coupons}
 * @param type of a good answer's body
 * @param <T> that type
 */
public record ShortWay<T>(HttpMethod method, String path, Class<T> type, Handler<T> handler) {

    /**
     * What was sent.
     *
     * @param path its variables
     */
    public record Sent(Map<String, String> path, HttpHeaders headers) {
    }

    /** Answers as the controller does. */
    @FunctionalInterface
    public interface Handler<T> {

        /**
         * @param sent which nobody has looked at
         * @param caller whose token is good, who does not come too often, and on whose behalf commands are sent
         * @param attempt without a key
         * @return one answer; or fails, as a controller's handler may
         */
        Mono<ResponseEntity<T>> answer(Sent sent, Caller caller, Attempt attempt);
    }
}
