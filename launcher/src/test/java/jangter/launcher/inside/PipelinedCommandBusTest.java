package jangter.launcher.inside;

import static jangter.launcher.inside.SlowDisk.event;
import static org.assertj.core.api.Assertions.assertThat;

import jangter.axonserver.store.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that decide what they are told to. */
class PipelinedCommandBusTest {

    private static final String ORDER = "order-1";

    record Decide(String order, List<NewEvent> events) {
    }

    record Refuse(String order) {
    }

    private final SlowDisk disk = new SlowDisk();
    private final Appends appends = new Appends(disk, aggregate -> { });
    private final List<Runnable> answering = new ArrayList<>();
    private final PipelinedCommandBus bus = new PipelinedCommandBus(SimpleCommandBus.builder(), appends, PipelinedCommandBusTest::order, answering::add);
    private final List<Object> handled = new ArrayList<>();

    @BeforeEach
    void subscribe() {
        bus.subscribe(Decide.class.getName(), command -> {
            Decide decide = (Decide) command.getPayload();
            handled.add(decide);
            if (!decide.events().isEmpty()) {
                appends.append(decide.events());
            }
            return "decided";
        });
        bus.subscribe(Refuse.class.getName(), command -> {
            throw new IllegalStateException("refused");
        });
    }

    @Test
    void commands_are_handled_one_after_the_other_and_answered_as_the_disk_takes_them_in() {
        CompletableFuture<CommandResultMessage<?>> first = send(decide(event(ORDER, 0)));
        CompletableFuture<CommandResultMessage<?>> second = send(decide(event(ORDER, 1)));
        assertThat(handled).hasSize(2);
        assertThat(first).isNotDone();

        disk.next();
        answer();
        assertThat(first.join().getPayload()).isEqualTo("decided");
        assertThat(second).isNotDone();

        disk.next();
        answer();
        assertThat(second.join().getPayload()).isEqualTo("decided");
    }

    @Test
    void an_answer_that_waited_is_not_given_on_the_disks_thread() {
        CompletableFuture<CommandResultMessage<?>> answered = send(decide(event(ORDER, 0)));

        disk.next();

        assertThat(answered).isNotDone();
        assertThat(answering).hasSize(1);
    }

    @Test
    void where_there_is_nothing_to_wait_for_the_answer_is_given_at_once() {
        assertThat(send(decide()).join().getPayload()).isEqualTo("decided");
        assertThat(answering).isEmpty();
    }

    @Test
    void that_there_is_nothing_to_do_is_told_once_on_disk_is_what_did_it() {
        send(decide(event(ORDER, 0)));
        CompletableFuture<CommandResultMessage<?>> repeated = send(decide());
        assertThat(repeated).isNotDone();

        disk.next();
        answer();

        assertThat(repeated.join().getPayload()).isEqualTo("decided");
    }

    @Test
    void a_refusal_is_told_once_on_disk_is_what_it_rests_on() {
        send(decide(event(ORDER, 0)));
        CompletableFuture<CommandResultMessage<?>> refused = send(new Refuse(ORDER));
        assertThat(refused).isNotDone();

        disk.next();
        answer();

        assertThat(refused.join().exceptionResult()).isInstanceOf(IllegalStateException.class).hasMessage("refused");
    }

    @Test
    void whatever_rests_on_what_will_never_be_is_a_conflict() {
        disk.another(event(ORDER, 0));
        List<CompletableFuture<CommandResultMessage<?>>> answers = List.of(send(decide(event(ORDER, 0))), send(decide(event(ORDER, 1))), send(decide()),
                send(new Refuse(ORDER)));

        disk.next();
        disk.next();
        answer();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join().exceptionResult()).isInstanceOf(ConcurrencyException.class)
                .hasMessageStartingWith("[AXONIQ-2000]"));
    }

    @Test
    void whatever_rests_on_what_was_refused_before_is_a_conflict_too() {
        disk.another(event(ORDER, 0));
        send(decide(event(ORDER, 0)));
        disk.next();

        CompletableFuture<CommandResultMessage<?>> late = send(decide());
        answer();

        assertThat(late.join().exceptionResult()).isInstanceOf(ConcurrencyException.class).hasMessageStartingWith("[AXONIQ-2000]");
    }

    private static String order(CommandMessage<?> command) {
        return command.getPayload() instanceof Decide decide ? decide.order() : ((Refuse) command.getPayload()).order();
    }

    private static Decide decide(NewEvent... events) {
        return new Decide(ORDER, List.of(events));
    }

    private CompletableFuture<CommandResultMessage<?>> send(Object command) {
        CompletableFuture<CommandResultMessage<?>> answer = new CompletableFuture<>();
        bus.dispatch(GenericCommandMessage.asCommandMessage(command), (sent, result) -> answer.complete(result));
        return answer;
    }

    private void answer() {
        List.copyOf(answering).forEach(Runnable::run);
        answering.clear();
    }
}
