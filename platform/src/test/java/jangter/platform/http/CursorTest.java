package jangter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jangter.kernel.InvalidValueException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final Cursor NEWEST = new Cursor(NOON.plusMillis(1), "order-1");
    private static final Cursor MIDDLE = new Cursor(NOON, "order-2");
    private static final Cursor OLDEST = new Cursor(NOON, "order-1");

    @Test
    void a_list_runs_from_new_to_old() {
        assertThat(Stream.of(OLDEST, NEWEST, MIDDLE).sorted()).containsExactly(NEWEST, MIDDLE, OLDEST);
        assertThat(OLDEST.isAfter(MIDDLE)).isTrue();
        assertThat(MIDDLE.isAfter(OLDEST)).isFalse();
        assertThat(MIDDLE.isAfter(MIDDLE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-01T12:00:00Z_order-1", "2026-11-01T12:00:00.001Z_wallet-a|b.c:d", "2026-11-01T12:00:00.123456789Z_7"})
    void it_reads_as_it_is_written(String text) {
        assertThat(Cursor.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_", "x", "2026-11-01T12:00:00Z", "2026-11-01T12:00:00Z_", "2026-99-01T12:00:00Z_order-1",
        "+999999999-01-01T00:00:00Z_order-1", "2026-11-01T12:00:00Z_{$gt:1}", "2026-11-01T12:00:00Z_order-1\n"})
    void anything_else_is_no_cursor(String text) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Cursor.parse(text));
    }

    @Test
    void a_page_tells_its_last_item_as_where_to_go_on_if_more_follow() {
        List<Cursor> found = List.of(NEWEST, MIDDLE, OLDEST);

        assertThat(Page.of(found, new PageRequest(2, null), item -> item)).isEqualTo(new Page<>(List.of(NEWEST, MIDDLE), MIDDLE.toString()));
        assertThat(Page.of(found, new PageRequest(3, null), item -> item)).isEqualTo(new Page<>(found, null));
        assertThat(Page.of(List.<Cursor>of(), new PageRequest(3, null), item -> item)).isEqualTo(new Page<>(List.of(), null));
    }
}
