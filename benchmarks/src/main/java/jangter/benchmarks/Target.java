package jangter.benchmarks;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** A shop whose checkouts are measured: ours or a yardstick. */
interface Target extends AutoCloseable {

    String COMPLETED = "COMPLETED";
    String REFUSED = "refused at stock";

    String name();

    /** What is on disk when an answer comes. */
    String durability();

    /** Places so many further orders, which are then paid one after the other. */
    void place(int orders);

    /** Pays the next placed order; answers with {@link #COMPLETED}, {@link #REFUSED} or what else came of it. */
    Mono<String> payNext();

    /** Waits until all that the payments have set off is done. */
    void rest();

    /** What all its processes have used until now. */
    Duration cpu();

    @Override
    void close();
}
