package jangter.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferredWaitTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "wait=10 | 10",
        "wait=1 | 1",
        "wait=30 | 30",
        "wait=31 | 30",
        "wait=999999999999999999 | 30",
        "WAIT = 5 | 5",
        "wait=\"5\" | 5",
        "respond-async, wait=5 | 5",
        "wait=5;foo=bar, return=minimal | 5",
        "wait=5, wait=9 | 5",
    })
    void so_many_seconds_are_waited_but_at_most_thirty(String header, int seconds) {
        assertThat(PreferredWait.in(List.of(header))).contains(new PreferredWait(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wait", "wait=", "wait=0", "wait=-1", "wait=1.5", "wait=soon", "respond-async", "await=5",
        "wait=9999999999999999999"})
    void what_makes_no_sense_counts_as_not_stated(String header) {
        assertThat(PreferredWait.in(List.of(header))).isEmpty();
    }

    @Test
    void a_preference_may_stand_in_any_of_several_headers() {
        assertThat(PreferredWait.in(List.of("respond-async", "wait=7"))).contains(new PreferredWait(7));
        assertThat(PreferredWait.in(List.of())).isEmpty();
    }
}
