package jangter.launcher;

import jangter.kernel.PaymentId;
import java.time.Duration;
import java.util.Random;
import java.util.Set;

/**
 * Where faults happen, and who looks on.
 *
 * @param random what is left to chance within a fault
 */
record ChaosScene(ChaosCluster cluster, EventLog log, ChaosCustomers customers, ChaosReport report, Random random) {

    private static final Duration RECOVERY_PATIENCE = Duration.ofSeconds(90);

    /**
     * Waits for a process that was killed, and from its health on for the checkouts that were under way then.
     *
     * @param killed when, by {@link System#nanoTime}
     */
    String recover(String name, Set<PaymentId> underWay, long killed) {
        cluster.awaitHealthy(name);
        long healthy = System.nanoTime();
        Set<PaymentId> left = log.await(underWay, RECOVERY_PATIENCE);
        Duration recovery = Duration.ofNanos(System.nanoTime() - healthy);
        report.recovered(ChaosCluster.kind(name), underWay.size(), recovery);
        if (!left.isEmpty()) {
            report.violated(left.size() + " checkouts are not finished " + RECOVERY_PATIENCE.toSeconds() + " s after " + name + " was back: " + left);
        }
        return "healthy after %s, the %d open checkouts finished %s later".formatted(ChaosReport.seconds(healthy - killed), underWay.size(),
                ChaosReport.seconds(recovery.toNanos()));
    }

    /** Waits until what is under way now has finished, so that the next fault meets a shop that runs. */
    String settle() {
        Set<PaymentId> underWay = log.underWay();
        long begun = System.nanoTime();
        Set<PaymentId> left = log.await(underWay, RECOVERY_PATIENCE);
        return "the %d open checkouts %s %s later".formatted(underWay.size(), left.isEmpty() ? "finished" : "(" + left.size() + " of them not)",
                ChaosReport.seconds(System.nanoTime() - begun));
    }
}
