package jangter.launcher.inside;

import static jangter.launcher.inside.SlowDisk.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jangter.axonserver.store.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;

class AppendsTest {

    private static final String ORDER = "order-1";

    private final SlowDisk disk = new SlowDisk();
    private final List<String> forgotten = new ArrayList<>();
    private final Appends appends = new Appends(disk, forgotten::add);

    // --- what is waited for

    @Test
    void a_commands_append_is_not_waited_for_but_its_answer_waits() {
        CompletableFuture<Void> answer = command(ORDER, event(ORDER, 0));
        assertThat(answer).isNotDone();

        disk.next();

        assertThat(answer).isCompleted();
    }

    @Test
    void the_next_command_appends_before_the_disk_has_the_one_before() {
        CompletableFuture<Void> first = command(ORDER, event(ORDER, 0));
        CompletableFuture<Void> second = command(ORDER, event(ORDER, 1));
        assertThat(disk.waiting()).isEqualTo(2);

        disk.next();
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();

        disk.next();
        assertThat(second).isCompleted();
        assertThat(disk.highestSequence(ORDER)).isEqualTo(1);
    }

    @Test
    void a_command_that_decides_nothing_waits_for_what_its_aggregate_was_made_of() {
        command(ORDER, event(ORDER, 0));
        CompletableFuture<Void> repeated = command(ORDER);
        CompletableFuture<Void> anothers = command("order-2");
        assertThat(repeated).isNotDone();
        assertThat(anothers).isCompleted();

        disk.next();

        assertThat(repeated).isCompleted();
        assertThat(command(ORDER)).as("by now there is nothing to wait for").isCompleted();
    }

    @Test
    void an_append_to_several_aggregates_is_waited_for_by_commands_to_each() {
        command(ORDER, event(ORDER, 0), event("order-2", 0));
        CompletableFuture<Void> repeated = command("order-2");
        assertThat(repeated).isNotDone();

        disk.next();

        assertThat(repeated).isCompleted();
    }

    @Test
    void who_handles_no_command_waits_until_his_append_is_on_disk() throws Exception {
        CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> appends.append(List.of(event(ORDER, 0))));
        assertThatThrownBy(() -> appending.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        disk.next();

        appending.get(10, TimeUnit.SECONDS);
        assertThat(disk.highestSequence(ORDER)).isZero();
    }

    @Test
    void after_its_command_a_thread_waits_again() {
        command(ORDER);

        CompletableFuture.runAsync(disk::next, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        appends.append(List.of(event(ORDER, 0)));

        assertThat(disk.highestSequence(ORDER)).isZero();
    }

    @Test
    void who_reads_an_aggregate_waits_for_what_is_on_its_way() throws Exception {
        command(ORDER, event(ORDER, 0));
        CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> {
            appends.settle(ORDER);
            return disk.highestSequence(ORDER);
        });
        assertThatThrownBy(() -> read.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        disk.next();

        assertThat(read.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void who_reads_another_aggregate_does_not_wait() {
        command(ORDER, event(ORDER, 0));

        appends.settle("order-2");

        assertThat(disk.waiting()).isEqualTo(1);
    }

    // --- what is refused

    @Test
    void a_refusal_is_told_to_the_command_as_axon_server_would() {
        disk.another(event(ORDER, 0));
        CompletableFuture<Void> answer = command(ORDER, event(ORDER, 0));

        disk.next();

        assertThat(forgotten).containsExactly(ORDER);
        assertThatThrownBy(() -> Appends.await(answer)).isInstanceOf(ConcurrencyException.class)
                .hasMessage("[AXONIQ-2000] Invalid sequence number 0 for aggregate order-1, expected 1");
    }

    @Test
    void a_refusal_is_told_to_who_handles_no_command_too() {
        disk.another(event(ORDER, 0));

        CompletableFuture.runAsync(disk::next);

        assertThatThrownBy(() -> appends.append(List.of(event(ORDER, 0)))).isInstanceOf(ConcurrencyException.class).hasMessageContaining("AXONIQ-2000");
    }

    @Test
    void a_disk_that_breaks_down_is_no_conflict() {
        CompletableFuture<Void> answer = command(ORDER, event(ORDER, 0));

        disk.breakDown();

        assertThat(forgotten).containsExactly(ORDER);
        assertThatThrownBy(() -> Appends.await(answer)).isExactlyInstanceOf(EventStoreException.class).hasMessage("no space left");
    }

    @Test
    void a_command_that_decides_nothing_fails_with_what_its_aggregate_was_made_of() {
        disk.another(event(ORDER, 0));
        command(ORDER, event(ORDER, 0));
        CompletableFuture<Void> before = command(ORDER);
        disk.next();

        assertThat(before).isCompletedExceptionally();
        assertThat(command(ORDER)).as("still of an aggregate that nobody read anew").isCompletedExceptionally();
    }

    @Test
    void what_was_built_on_a_refused_append_is_refused_though_its_numbers_would_fit() {
        disk.another(event(ORDER, 0));
        CompletableFuture<Void> refused = command(ORDER, event(ORDER, 0));
        CompletableFuture<Void> built = command(ORDER, event(ORDER, 1));
        CompletableFuture<Void> builtOnThat = command(ORDER, event(ORDER, 1), event("order-2", 0));

        disk.next();
        disk.next();
        disk.next();

        assertThat(List.of(refused, built, builtOnThat)).allSatisfy(answer -> assertThat(answer).isCompletedExceptionally());
        assertThat(disk.highestSequence(ORDER)).isZero();
        assertThat(disk.highestSequence("order-2")).isEqualTo(-1);
        assertThat(forgotten).contains(ORDER, "order-2");
    }

    @Test
    void a_refused_aggregate_goes_on_once_a_command_has_read_it_anew() {
        refused(ORDER);

        appends.begin();
        appends.settle(ORDER);
        appends.append(List.of(event(ORDER, 1)));
        CompletableFuture<Void> answer = appends.end(ORDER);
        disk.next();

        assertThat(answer).isCompleted();
        assertThat(disk.highestSequence(ORDER)).isEqualTo(1);
    }

    @Test
    void that_somebody_else_has_read_it_is_not_enough() {
        refused(ORDER);

        appends.settle(ORDER);
        CompletableFuture<Void> built = command(ORDER, event(ORDER, 1));
        disk.next();

        assertThat(built).isCompletedExceptionally();
        assertThat(disk.highestSequence(ORDER)).isZero();
    }

    @Test
    void a_command_that_reads_the_aggregate_while_its_last_append_is_refused_builds_on_what_is_stored() throws Exception {
        disk.another(event(ORDER, 0));
        command(ORDER, event(ORDER, 0));

        CompletableFuture<CompletableFuture<Void>> handled = CompletableFuture.supplyAsync(() -> {
            appends.begin();
            appends.settle(ORDER);
            appends.append(List.of(event(ORDER, disk.highestSequence(ORDER) + 1)));
            return appends.end(ORDER);
        });
        disk.next();
        CompletableFuture<Void> answer = handled.get(10, TimeUnit.SECONDS);
        disk.next();

        assertThat(answer).isCompleted();
        assertThat(disk.highestSequence(ORDER)).isEqualTo(1);
    }

    @Test
    void what_was_decided_upon_a_refused_append_fails_though_another_has_read_the_aggregate_anew_before_the_answer() throws Exception {
        disk.another(event(ORDER, 0));
        command(ORDER, event(ORDER, 0));
        CountDownLatch readAnew = new CountDownLatch(1);
        CountDownLatch decided = new CountDownLatch(1);
        CompletableFuture<CompletableFuture<Void>> repeated = CompletableFuture.supplyAsync(() -> {
            appends.begin();
            appends.decided(ORDER);
            decided.countDown();
            await(readAnew);
            return appends.end(ORDER);
        });
        await(decided);
        disk.next();

        appends.begin();
        appends.settle(ORDER);
        appends.end(ORDER);
        readAnew.countDown();

        assertThat(repeated.get(10, TimeUnit.SECONDS)).isCompletedExceptionally();
    }

    @Test
    void events_of_no_aggregate_are_built_on_nothing() {
        NewEvent news = new NewEvent("news-1", "", 0, 0, event("news-1", 0).message());
        CompletableFuture<Void> broken = command("news-1", news);
        disk.breakDown();

        CompletableFuture<Void> next = command("news-1", news);
        disk.next();

        assertThat(broken).isCompletedExceptionally();
        assertThat(next).isCompleted();
        assertThat(forgotten).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void refused(String aggregate) {
        disk.another(event(aggregate, 0));
        CompletableFuture<Void> refused = command(aggregate, event(aggregate, 0));
        disk.next();
        assertThat(refused).isCompletedExceptionally();
    }

    /** Handles a command for that aggregate, which decides so. */
    private CompletableFuture<Void> command(String aggregate, NewEvent... events) {
        appends.begin();
        if (events.length > 0) {
            appends.append(List.of(events));
        }
        return appends.end(aggregate);
    }
}
