package jangter.axonserver;

import io.axoniq.axonserver.grpc.command.Command;
import io.axoniq.axonserver.grpc.command.CommandResponse;
import jangter.axonserver.junit.DevelopmentAxonServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections of senders and of handlers are cut at random moments; whatever was sent is answered exactly once, and run by one handler
 * at most, though another stands by.
 */
class CutConnectionsTest {

    private static final int PAIRS = 4;
    private static final int CUTS_FOR_EACH = 25;

    @RegisterExtension
    static DevelopmentAxonServerExtension axonServer = DevelopmentAxonServerExtension.inMemory();

    @Test
    void a_hundred_cuts_leave_every_command_answered_exactly_once() {
        List<CompletableFuture<Outcome>> pairs = IntStream.range(0, PAIRS)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> cutAndCount(i), task -> new Thread(task).start()))
                .toList();

        for (CompletableFuture<Outcome> pair : pairs) {
            Outcome outcome = pair.join();
            assertThat(outcome.answers().values()).as("answers to each command").allSatisfy(answers -> assertThat(answers).hasValue(1));
            assertThat(outcome.runs().values()).as("runs of each command").allSatisfy(runs -> assertThat(runs).hasValue(1));
            assertThat(outcome.succeeded()).isNotEmpty().allSatisfy(id -> assertThat(outcome.runs()).containsKey(id));
            assertThat(outcome.answers()).hasSizeGreaterThan(outcome.succeeded().size());
        }
    }

    private record Outcome(Map<String, AtomicInteger> answers, Map<String, AtomicInteger> runs, List<String> succeeded) {
    }

    private static Outcome cutAndCount(int pair) {
        Random random = new Random(pair);
        String name = "Cut-" + pair;
        Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        Map<String, Boolean> succeeded = new ConcurrentHashMap<>();
        ScheduledExecutorService work = Executors.newScheduledThreadPool(1);
        try (LoopbackProxy firstWire = new LoopbackProxy(axonServer.server().port());
             LoopbackProxy secondWire = new LoopbackProxy(axonServer.server().port());
             LoopbackProxy sendersWire = new LoopbackProxy(axonServer.server().port());
             Connector first = Connector.to(firstWire.address(), "handlers", "first-" + pair);
             Connector second = Connector.to(secondWire.address(), "handlers", "second-" + pair);
             Connector sender = Connector.to(sendersWire.address(), "senders", "sender-" + pair)) {
            List<LoopbackProxy> wires = List.of(firstWire, secondWire, sendersWire);
            for (Connector handler : List.of(first, second)) {
                handler.commands().registerCommandHandler(command -> {
                    runs.computeIfAbsent(command.getMessageIdentifier(), id -> new AtomicInteger()).incrementAndGet();
                    CompletableFuture<CommandResponse> answer = new CompletableFuture<>();
                    work.schedule(() -> answer.complete(CommandResponse.getDefaultInstance()), random.nextInt(5), TimeUnit.MILLISECONDS);
                    return answer;
                }, 100, name);
            }
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int cut = 0; cut < CUTS_FOR_EACH; cut++) {
                int before = succeeded.size();
                long cutAt = Long.MAX_VALUE;
                while (System.nanoTime() < cutAt) {
                    sent.add(send(sender, name, answers, succeeded));
                    if (cutAt == Long.MAX_VALUE && succeeded.size() > before) {
                        // connected again on both sides: some moment from now
                        cutAt = System.nanoTime() + random.nextInt(30_000_000);
                    }
                    LockSupport.parkNanos(1_000_000);
                }
                wires.get(random.nextInt(wires.size())).cut();
            }
            sent.forEach(CompletableFuture::join);
            // an answer too many would come on the heels of the first
            send(sender, name, answers, succeeded).join();
            return new Outcome(answers, runs, List.copyOf(succeeded.keySet()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            work.shutdownNow();
        }
    }

    private static CompletableFuture<?> send(Connector sender, String name, Map<String, AtomicInteger> answers, Map<String, Boolean> succeeded) {
        String id = UUID.randomUUID().toString();
        answers.put(id, new AtomicInteger());
        return sender.commands().sendCommand(Command.newBuilder().setName(name).setMessageIdentifier(id).build())
                .handle((response, failure) -> {
                    answers.get(id).incrementAndGet();
                    if (failure == null && response.getErrorCode().isEmpty()) {
                        succeeded.put(id, true);
                    }
                    return null;
                });
    }
}
