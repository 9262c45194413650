package jangter.checkout;

import jangter.checkout.Activity.Recent;
import jangter.checkout.Checkout.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the checkouts are doing.
 *
 * @param perMinute of the last {@value #MINUTES} minutes, the one that runs now last
 * @param open how many have not ended, by state
 * @param completed how many were completed in those minutes
 * @param failed how many failed in those minutes
 * @param p50Millis from request to end, of those that began and ended within the last {@value #RECENT_MINUTES} minutes: half were quicker.
 *         Nothing if there were none
 * @param p99Millis likewise: of a hundred, 99 were quicker
 */
record Overview(Instant at, List<Minute> perMinute, Map<State, Long> open, long completed, long failed, @Nullable Long p50Millis,
        @Nullable Long p99Millis) {

    static final int MINUTES = 15;
    private static final int RECENT_MINUTES = 5;

    /** What began and ended in a minute. */
    record Minute(Instant minute, long requested, long completed, long failed) {
    }

    /** From when on it has to be known what happened. */
    static Instant from(Instant now) {
        return now.truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(MINUTES - 1));
    }

    static Overview of(Recent recent, Map<State, Long> open, Instant now) {
        List<Minute> minutes = IntStream.range(0, MINUTES).mapToObj(n -> minute(recent, from(now).plus(Duration.ofMinutes(n)))).toList();
        List<Long> millis = Stream.of(recent.completed(), recent.failed()).map(Map::entrySet).flatMap(Collection::stream)
                .filter(end -> end.getValue().isAfter(now.minus(Duration.ofMinutes(RECENT_MINUTES))))
                .map(end -> millis(recent.requested().get(end.getKey()), end.getValue())).filter(Objects::nonNull).sorted().toList();
        Map<State, Long> all = new EnumMap<>(State.class);
        Stream.of(State.values()).filter(state -> !state.hasEnded()).forEach(state -> all.put(state, open.getOrDefault(state, 0L)));
        return new Overview(now, minutes, all, sum(minutes, Minute::completed), sum(minutes, Minute::failed), quantile(millis, 0.5),
                quantile(millis, 0.99));
    }

    private static Minute minute(Recent recent, Instant minute) {
        return new Minute(minute, count(recent.requested(), minute), count(recent.completed(), minute), count(recent.failed(), minute));
    }

    private static long count(Map<String, Instant> happened, Instant minute) {
        return happened.values().stream().filter(at -> at.truncatedTo(ChronoUnit.MINUTES).equals(minute)).count();
    }

    private static long sum(List<Minute> minutes, Function<Minute, Long> what) {
        return minutes.stream().mapToLong(what::apply).sum();
    }

    private static @Nullable Long millis(@Nullable Instant requested, Instant ended) {
        return requested == null ? null : Math.max(0, Duration.between(requested, ended).toMillis());
    }

    private static @Nullable Long quantile(List<Long> sorted, double share) {
        return sorted.isEmpty() ? null : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
}
