package jangter.launcher;

import jangter.kernel.PaymentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The power fails under Axon Server: whatever of its log had not been confirmed to anyone is lost, and its end is torn. First nothing that
 * it says arrives any more; what it stores after that is nobody's knowledge, and is taken away once it is dead.
 */
record PowerLoss() implements Fault {

    private static final Duration UNHEARD = Duration.ofMillis(400);

    @Override
    public Outcome happen(ChaosScene scene) {
        ChaosCluster cluster = scene.cluster();
        Path events = cluster.events();
        List<FaultyWire> wires = cluster.allToAxonServer();
        try {
            wires.forEach(FaultyWire::freeze);
            WriteAheadLog confirmed = WriteAheadLog.in(events);
            ShopClient.pause(UNHEARD);
            Set<PaymentId> underWay = scene.log().underWay();
            long killed = System.nanoTime();
            cluster.kill(ChaosCluster.AXON_SERVER);
            long lost = confirmed.cutTail(scene.random());
            wires.forEach(FaultyWire::cut);
            wires.forEach(FaultyWire::thaw);
            cluster.start(ChaosCluster.AXON_SERVER);
            return new Outcome("unsynced tail of the event store lost", lost + " bytes of the log lost, "
                    + scene.recover(ChaosCluster.AXON_SERVER, underWay, killed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            wires.forEach(FaultyWire::thaw);
        }
    }

    @Override
    public String toString() {
        return "lose axonserver's power, and the tail of its log";
    }
}
