package jangter.platform.messaging;

import jangter.kernel.PaymentId;
import jangter.platform.batch.Batch;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Turns a batch of events into one command for each aggregate that it concerns, rather than one for each event. The commands are sent
 * when the batch is done; if one of them fails, the batch fails and comes again. One may concern many customers' payments, so it is the
 * service that asks.
 *
 * @param <K> the aggregates' identifier
 */
public final class CommandsPerBatch<K> {

    private static final int AT_ONCE = 32;

    private final Commands commands;
    private final BiFunction<K, Set<PaymentId>, Object> command;

    /** @param command the command that tells an aggregate of those payments */
    public CommandsPerBatch(Commands commands, BiFunction<K, Set<PaymentId>, Object> command) {
        this.commands = commands;
        this.command = command;
    }

    /** From event handlers only: the batch's command to that aggregate shall name that payment. */
    public void add(K aggregate, PaymentId payment) {
        Batch.current().note(this, Gathered.class, Gathered::new, gathered -> gathered.add(aggregate, payment));
    }

    private final class Gathered implements Batch.Part {

        private final Map<Object, Set<PaymentId>> payments = new LinkedHashMap<>();

        void add(K aggregate, PaymentId payment) {
            payments.computeIfAbsent(aggregate, key -> new LinkedHashSet<>()).add(payment);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Mono<Void> finish(long position) {
            return Flux.fromIterable(payments.entrySet())
                    .flatMap(entry -> commands.send(command.apply((K) entry.getKey(), entry.getValue()))
                            // a command bus without a wire would handle it inside of the batch's unit of work, which is over
                            .subscribeOn(Schedulers.boundedElastic()), AT_ONCE).then();
        }
    }
}
