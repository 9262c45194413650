package jangter.platform.security;

import jangter.kernel.Require;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What tokens look like here, under {@code jangter.security}. Who issues them is Boot's own
 * {@code spring.security.oauth2.resourceserver.jwt.issuer-uri}.
 *
 * @param rolesClaim the claim in which the issuer names roles; where it nests them, the way to it, as in {@code realm_access.roles}
 */
@ConfigurationProperties("jangter.security")
record SecuritySettings(@DefaultValue("roles") String rolesClaim) {

    SecuritySettings {
        Require.that(!rolesClaim.isBlank(), "jangter.security.roles-claim", "must name a claim");
    }
}
