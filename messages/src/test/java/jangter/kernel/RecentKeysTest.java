package jangter.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentKeysTest {

    private final RecentKeys<ChargeId> keys = new RecentKeys<>();

    @Test
    void a_key_is_known_once_it_was_added() {
        assertThat(keys.contains(key(1))).isFalse();
        keys.add(key(1));
        assertThat(keys.contains(key(1))).isTrue();
    }

    @Test
    void the_oldest_makes_room_for_the_newest() {
        IntStream.rangeClosed(0, RecentKeys.MOST).mapToObj(RecentKeysTest::key).forEach(keys::add);

        assertThat(keys.contains(key(0))).isFalse();
        assertThat(keys.contains(key(1))).isTrue();
        assertThat(keys.contains(key(RecentKeys.MOST))).isTrue();
    }

    @Test
    void a_key_added_again_takes_no_room() {
        IntStream.range(0, RecentKeys.MOST).mapToObj(RecentKeysTest::key).forEach(keys::add);
        keys.add(key(RecentKeys.MOST - 1));

        assertThat(keys.contains(key(0))).isTrue();
    }

    private static ChargeId key(int i) {
        return new ChargeId("charge-" + i);
    }
}
