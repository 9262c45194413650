package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class LoadTest {

    @Test
    void no_more_clients_ask_at_once_than_there_are() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Load.Taken taken = Load.closed(4, 100, number -> Mono.delay(Duration.ofMillis(1))
                .doOnSubscribe(asked -> most.accumulateAndGet(now.incrementAndGet(), Math::max))
                .doOnTerminate(now::decrementAndGet).thenReturn(number % 10 == 0 ? "no" : "yes"));
        assertThat(most.get()).isBetween(2, 4);
        assertThat(taken.operations()).isEqualTo(100);
        assertThat(taken.outcomes()).containsEntry("yes", 90).containsEntry("no", 10);
    }

    @Test
    void answers_that_come_at_once_are_counted_like_others() {
        Load.Taken taken = Load.closed(2, 100_000, number -> Mono.just("yes"));
        assertThat(taken.outcomes()).containsExactly(Map.entry("yes", 100_000));
        assertThat(taken.nanos().getTotalCount()).isGreaterThanOrEqualTo(100_000);
    }

    @Test
    void each_is_asked_for_once() {
        Set<Integer> asked = ConcurrentHashMap.newKeySet();
        Load.Taken taken = Load.closed(8, 1_000, number -> Mono.delay(Duration.ofNanos(1)).thenReturn(asked.add(number) ? "first" : "again"));
        assertThat(taken.outcomes()).containsExactly(Map.entry("first", 1_000));
    }

    @Test
    void no_answer_counts_as_nothing_and_holds_nobody_up() {
        assertThat(Load.closed(2, 10, number -> Mono.empty()).outcomes()).containsExactly(Map.entry("nothing", 10));
    }

    @Test
    void what_fails_is_counted_under_its_name() {
        Load.Taken taken = Load.closed(2, 10, number -> number == 3 ? Mono.error(new IllegalStateException()) : Mono.just("yes"));
        assertThat(taken.outcomes()).containsEntry("yes", 9).containsEntry("IllegalStateException", 1);
    }

    @Test
    void what_was_not_expected_is_no_figure() {
        Load.Taken taken = Load.closed(2, 10, number -> Mono.just(number == 3 ? "HTTP 401" : "yes"));
        assertThatThrownBy(() -> taken.allIn(Set.of("yes"))).isInstanceOf(CannotMeasureException.class).hasMessageContaining("HTTP 401");
        assertThatThrownBy(() -> taken.allAre(Map.of("yes", 10))).isInstanceOf(CannotMeasureException.class);
        assertThat(taken.allIn(Set.of("yes", "HTTP 401"))).isSameAs(taken.allAre(Map.of("yes", 9, "HTTP 401", 1)));
    }

    @Test
    void an_answer_that_took_long_counts_with_those_that_were_not_asked_for_meanwhile() {
        Histogram nanos = new Histogram(3);
        for (int i = 0; i < 90; i++) {
            nanos.recordValue(1_000);
        }
        nanos.recordValue(100_000);
        assertThat(nanos.getValueAtPercentile(50)).isBetween(999L, 1_001L);
        Histogram corrected = Load.corrected(nanos, 1_000);
        assertThat(corrected.getTotalCount()).isBetween(188L, 192L);
        assertThat(corrected.getValueAtPercentile(75)).isGreaterThan(40_000);
    }

    @Test
    void at_a_constant_rate_time_counts_from_when_one_meant_to_come() {
        // the first holds up the only one who asks; the others come late, and their time counts
        Load.Taken taken = Load.open(1_000, 50, number -> {
            if (number == 0) {
                Mono.delay(Duration.ofMillis(300)).block();
            }
            return Mono.just("yes");
        });
        assertThat(taken.outcomes()).containsEntry("yes", 50);
        assertThat(taken.nanos().getValueAtPercentile(50)).isGreaterThan(Duration.ofMillis(200).toNanos());
    }
}
