package jangter.platform.http;

import org.springframework.http.HttpMethod;

/**
 * A door through which one customer may come only so often: see {@link RateSettings}. A service tells its own as beans.
 *
 * @param name as metrics name it
 * @param path a pattern, such as {@code /orders/{id}/payment}
 */
public record Limited(String name, HttpMethod method, String path) {
}
