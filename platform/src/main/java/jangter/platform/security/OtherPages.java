package jangter.platform.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which other pages may call this from a browser, under {@code jangter.http}.
 *
 * @param allowedOrigins the origins of those pages, such as {@code https://shop.example}; none unless told
 */
@ConfigurationProperties("jangter.http")
record OtherPages(@DefaultValue List<String> allowedOrigins) {

    OtherPages {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
