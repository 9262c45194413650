package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.checkout.Activity.Recent;
import jangter.checkout.Checkout.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import reactor.test.StepVerifier;

class OverviewTest extends CheckoutScene {

    private static final Instant NOW = Instant.parse("2026-11-22T10:30:20Z");

    @Test
    void minutes_are_counted_and_durations_ordered() {
        Recent recent = new Recent(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (int n = 1; n <= 100; n++) {
            recent.requested().put("payment-" + n, NOW.minusSeconds(70));
            recent.completed().put("payment-" + n, NOW.minusSeconds(70).plusMillis(n));
        }
        recent.failed().put("payment-of-long-ago", NOW.minusSeconds(3));
        Overview overview = Overview.of(recent, Map.of(State.PARKED, 2L), NOW);

        assertThat(overview.perMinute()).hasSize(Overview.MINUTES).last()
                .isEqualTo(new Overview.Minute(Instant.parse("2026-11-22T10:30:00Z"), 0, 0, 1));
        assertThat(overview.perMinute().get(Overview.MINUTES - 2)).isEqualTo(new Overview.Minute(Instant.parse("2026-11-22T10:29:00Z"), 100, 100, 0));
        assertThat(overview.completed()).isEqualTo(100);
        assertThat(overview.failed()).isEqualTo(1);
        assertThat(overview.p50Millis()).isEqualTo(50);
        assertThat(overview.p99Millis()).isEqualTo(99);
        assertThat(overview.open()).containsEntry(State.PARKED, 2L).containsEntry(State.RUNNING, 0L).doesNotContainKey(State.FAILED);
    }

    @Test
    void where_nothing_happened_there_is_no_duration() {
        Overview overview = Overview.of(new Recent(Map.of(), Map.of(), Map.of()), Map.of(), NOW);
        assertThat(overview.p50Millis()).isNull();
        assertThat(overview.completed()).isZero();
    }

    @Test
    void it_counts_what_runs_and_what_ended() {
        Overview before = overview();
        tell(requested(order, 1));
        await().atMost(SOON).until(() -> overview().open().get(State.RUNNING) > before.open().get(State.RUNNING));
        tellAll(soldOut(order("b"), 1));
        await().atMost(SOON).until(() -> overview().failed() > before.failed());
        assertThat(overview().p50Millis()).isNotNull();
    }

    @Test
    void what_is_left_of_another_round_goes_when_a_process_first_writes_to_the_slot() {
        Instant longAgo = Instant.parse("1999-12-31T23:00:00Z");
        Instant roundLater = longAgo.plusSeconds(Activity.SLOTS * Activity.SLOT.toSeconds());
        begin(new Activity(databases), longAgo, 1);
        assertThat(rounds(longAgo)).hasSize(1);

        Activity restarted = new Activity(databases);
        begin(restarted, roundLater, 2);
        assertThat(rounds(longAgo)).containsExactly(Activity.slot(roundLater) + "");

        begin(restarted, longAgo, 1);
        begin(restarted, roundLater, 3);
        assertThat(rounds(longAgo)).as("an event that comes late again takes nothing away").hasSize(2);
        assertThat(restarted.since(roundLater, roundLater).block().requested()).containsOnlyKeys(payment(order, 2).value(), payment(order, 3).value());
    }

    private void begin(Activity activity, Instant at, int attempt) {
        batch(() -> activity.requested(payment(order, attempt), at));
    }

    /** Of which rounds something stands in that moment's slot. */
    private Set<String> rounds(Instant at) {
        Document slot = databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, "activity").find(Activity.id(Activity.slot(at))).block();
        return slot.keySet().stream().filter(key -> !key.equals("_id")).collect(Collectors.toSet());
    }

    @Test
    void it_is_told_every_second_to_who_watches() {
        StepVerifier.create(asOlga(http.get().uri("/checkouts/overview/stream")).exchange()
                        .returnResult(new ParameterizedTypeReference<ServerSentEvent<Overview>>() { }).getResponseBody()
                        .filter(event -> event.data() != null).map(event -> event.data().at()))
                .expectNextCount(2).thenCancel().verify(Duration.ofSeconds(30));
    }

    @Test
    void it_is_the_staffs() {
        refused(http.get().uri("/checkouts/overview").exchange(), 401, "not-signed-in");
        refused(http.get().uri("/checkouts/overview/stream").exchange(), 401, "not-signed-in");
    }

    private Overview overview() {
        return get("/checkouts/overview").expectStatus().isOk().expectBody(Overview.class).returnResult().getResponseBody();
    }
}
