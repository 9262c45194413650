package jangter.platform.security;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;

/** Reads from a token whether it is a member of staff's. What other roles it names means nothing here. */
final class Roles implements Converter<Jwt, Collection<GrantedAuthority>> {

    /** As Spring's role checks name it, without their prefix. */
    static final String STAFF = "STAFF";
    static final GrantedAuthority STAFF_AUTHORITY = new SimpleGrantedAuthority("ROLE_" + STAFF);
    private static final String STAFF_IN_TOKENS = "staff";

    private final String claim;

    /** @param claim the claim's name, or the way to it with dots between */
    Roles(String claim) {
        this.claim = claim;
    }

    @Override
    public Collection<GrantedAuthority> convert(Jwt token) {
        return isStaff(token) ? List.of(STAFF_AUTHORITY) : List.of();
    }

    boolean isStaff(Jwt token) {
        Object roles = find(token.getClaims(), claim);
        return roles instanceof Collection<?> several ? several.contains(STAFF_IN_TOKENS) : STAFF_IN_TOKENS.equals(roles);
    }

    /** A name of a claim under which {@linkplain #said what is said} is understood here. */
    String claim() {
        return claim;
    }

    /** How a token says that it is staff's, or that it is not. */
    static List<String> said(boolean isStaff) {
        return isStaff ? List.of(STAFF_IN_TOKENS) : List.of();
    }

    /** A name is taken as it stands before its dots mean anything: some issuers call a claim {@code https://shop.example/roles}. */
    private static @Nullable Object find(Map<?, ?> claims, String path) {
        int dot = path.indexOf('.');
        if (claims.containsKey(path) || dot < 0) {
            return claims.get(path);
        }
        return claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner ? find(inner, path.substring(dot + 1)) : null;
    }
}
