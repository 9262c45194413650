package jangter.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.Jwt;

/** Where issuers put roles. */
class RolesTest {

    @Test
    void roles_are_a_list_or_a_single_one() {
        assertThat(isStaff("roles", Map.of("roles", List.of("customer", "staff")))).isTrue();
        assertThat(isStaff("roles", Map.of("roles", "staff"))).isTrue();
        assertThat(isStaff("roles", Map.of("roles", List.of("customer")))).isFalse();
        assertThat(isStaff("roles", Map.of("other", List.of("staff")))).isFalse();
    }

    @Test
    void a_role_is_staff_or_it_is_not() {
        assertThat(isStaff("roles", Map.of("roles", List.of("STAFF", "staffer", "not staff")))).isFalse();
        assertThat(isStaff("roles", Map.of("roles", Map.of("staff", true)))).isFalse();
        assertThat(isStaff("roles", Map.of("roles", "customer staff"))).isFalse();
    }

    @Test
    void nested_roles_are_found_by_the_way_to_them() {
        Map<String, Object> keycloak = Map.of("realm_access", Map.of("roles", List.of("staff")));

        assertThat(isStaff("realm_access.roles", keycloak)).isTrue();
        assertThat(isStaff("realm_access.groups", keycloak)).isFalse();
        assertThat(isStaff("realm_access.roles.deeper", keycloak)).isFalse();
        assertThat(isStaff("roles", keycloak)).isFalse();
    }

    @Test
    void a_claim_whose_own_name_has_dots_is_found() {
        assertThat(isStaff("https://shop.example/roles", Map.of("https://shop.example/roles", List.of("staff")))).isTrue();
    }

    private static boolean isStaff(String claim, Map<String, Object> claims) {
        Jwt token = Jwt.withTokenValue("x").header("alg", "RS256").subject("alice").claims(all -> all.putAll(claims)).build();
        return new Roles(claim).convert(token).contains(Roles.STAFF_AUTHORITY);
    }
}
