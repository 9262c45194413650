package jangter.axonserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SnapshottedTest {

    private final Snapshotted snapshotted = new Snapshotted();
    private final Random random = new Random(7);

    @Test
    void what_was_added_may_always_be() {
        List<String> added = ids(10_000);

        added.forEach(snapshotted::add);

        assertThat(added).allMatch(snapshotted::mayBe);
    }

    @Test
    void of_others_hardly_any_may_be() {
        ids(10_000).forEach(snapshotted::add);

        assertThat(ids(10_000).stream().filter(snapshotted::mayBe).count()).isBetween(1L, 200L);
    }

    private List<String> ids(int count) {
        return Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()).toString()).limit(count).toList();
    }
}
