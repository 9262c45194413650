package jangter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CustomerId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptTest {

    private static final CustomerId ALICE = new CustomerId("alice");
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    /** Made at noon and an hour later. */
    private static final String NOON_KEY = "01a22c53-8200-7abc-8def-0123456789ab";
    private static final String LATER_KEY = "01a22c8a-7080-7000-8000-000000000000";

    private static UUID made(String caller, String target, @Nullable String key, String nonce, Instant at) {
        return new Attempt(new CustomerId(caller), target, key, UUID.nameUUIDFromBytes(nonce.getBytes(StandardCharsets.UTF_8)), at).uuid("order");
    }

    private static UUID under(String key, Instant at) {
        return made("alice", "POST /orders", key, at.toString(), at);
    }

    @Test
    void what_is_made_without_a_key_is_in_the_order_in_which_it_was_asked_for() {
        List<String> ids = IntStream.range(0, 100).mapToObj(number -> made("alice", "POST /orders", null, "nonce " + number, NOON.plusMillis(number)).toString()).toList();

        assertThat(ids).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void two_attempts_without_a_key_in_one_moment_are_two() {
        assertThat(made("alice", "POST /orders", null, "one", NOON)).isNotEqualTo(made("alice", "POST /orders", null, "another", NOON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"my-key", "7b0a3f0e-54f6-4c8b-9a43-5b9c1d9f1d11", NOON_KEY})
    void the_same_key_makes_the_same_whenever_it_comes(String key) {
        assertThat(under(key, NOON)).isEqualTo(under(key, NOON.plusSeconds(86_400)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"my-key", NOON_KEY})
    void another_caller_or_another_path_makes_another_under_the_same_key(String key) {
        UUID alices = under(key, NOON);

        assertThat(made("bob", "POST /orders", key, "nonce", NOON)).isNotEqualTo(alices);
        assertThat(made("alice", "POST /payments", key, "nonce", NOON)).isNotEqualTo(alices);
        assertThat(new Attempt(ALICE, "POST /orders", key, UUID.nameUUIDFromBytes(new byte[0]), NOON).uuid("coupon")).isNotEqualTo(alices);
    }

    @Test
    void keys_that_tell_their_time_make_what_is_in_its_order() {
        UUID later = under(LATER_KEY, NOON);
        UUID earlier = under(NOON_KEY, NOON.plusSeconds(86_400));

        assertThat(earlier.toString()).startsWith("01a22c53-8200-").isLessThan(later.toString());
        assertThat(later.toString()).startsWith("01a22c8a-7080-");
    }

    /** So that it cannot be taken for one of another maker. */
    @ParameterizedTest
    @ValueSource(strings = {"", "my-key", "7b0a3f0e-54f6-4c8b-9a43-5b9c1d9f1d11", NOON_KEY, "ffffffff-ffff-7fff-bfff-ffffffffffff"})
    void ids_are_uuids_of_the_makers_own_kind(String key) {
        UUID id = made("alice", "POST /orders", key.isEmpty() ? null : key, "nonce", NOON);

        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }
}
