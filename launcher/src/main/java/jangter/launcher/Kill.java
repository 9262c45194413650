package jangter.launcher;

import jangter.kernel.PaymentId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** @param underWay checkouts that it left unfinished, with whoever else works on them */
    private record Killed(String name, long at, Set<PaymentId> underWay) {

        static Killed now(String name, ChaosScene scene) {
            Set<PaymentId> underWay = scene.log().underWay();
            long at = System.nanoTime();
            scene.cluster().kill(name);
            return new Killed(name, at, underWay);
        }
    }

    @Override
    public Outcome happen(ChaosScene scene) {
        ChaosCluster cluster = scene.cluster();
        // an instance that holds no segment waits in vain for the moments of a saga: then it is another's turn
        Optional<Killed> atTheMoment = cluster.alike(victim).stream().flatMap(name -> atTheMoment(name, scene).stream()).findFirst();
        Killed killed = atTheMoment.orElseGet(() -> Killed.now(victim, scene));
        ShopClient.pause(away);
        cluster.start(killed.name());
        String recovery = scene.recover(killed.name(), killed.underWay(), killed.at());
        return new Outcome("kill of " + ChaosCluster.kind(victim) + ", " + (atTheMoment.isPresent() ? moment : "at no particular moment"),
                killed.name().equals(victim) ? recovery : "in fact " + killed.name() + "; " + recovery);
    }

    private Optional<Killed> atTheMoment(String name, ChaosScene scene) {
        AtomicReference<Killed> killed = new AtomicReference<>();
        Trap trap = new Trap(moment, () -> killed.set(Killed.now(name, scene)));
        List<FaultyWire> wires = scene.cluster().wiresOf(name, moment);
        wires.forEach(wire -> wire.set(trap));
        boolean struck = trap.await(MOMENT_COMES_WITHIN);
        wires.forEach(FaultyWire::disarm);
        return struck ? Optional.of(killed.get()) : Optional.empty();
    }

    @Override
    public String toString() {
        return "kill " + victim + ", " + moment + (away.isZero() ? "" : ", and away for " + away.toSeconds() + " s");
    }
}
