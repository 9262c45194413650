package jangter.launcher;

import jangter.kernel.PaymentId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code kill -9} at a moment, and a start.
 *
 * @param away how long it stays away
 */
record Kill(String victim, Moment moment, Duration away) implements Fault {

    private static final Duration MOMENT_COMES_WITHIN = Duration.ofSeconds(6);

    Kill(String victim, Moment moment) {
        this(victim, moment, Duration.ZERO);
    }

    @Override
    public Outcome happen(ChaosScene scene) {
        ChaosCluster cluster = scene.cluster();
        AtomicReference<Set<PaymentId>> underWay = new AtomicReference<>(Set.of());
        AtomicLong killed = new AtomicLong();
        Trap trap = new Trap(moment, () -> {
            underWay.set(scene.log().underWay());
            killed.set(System.nanoTime());
            cluster.kill(victim);
        });
        List<FaultyWire> wires = cluster.wiresOf(victim, moment);
        wires.forEach(wire -> wire.set(trap));
        boolean atTheMoment = trap.await(MOMENT_COMES_WITHIN);
        wires.forEach(FaultyWire::disarm);
        ShopClient.pause(away);
        cluster.start(victim);
        String recovery = scene.recover(victim, underWay.get(), killed.get());
        return new Outcome("kill of " + ChaosCluster.kind(victim) + (atTheMoment ? ", " + moment : ", at no particular moment"), recovery);
    }

    @Override
    public String toString() {
        return "kill " + victim + ", " + moment + (away.isZero() ? "" : ", and away for " + away.toSeconds() + " s");
    }
}
