package jangter.launcher;

import java.time.Duration;

/** A process is killed and comes back with a clock that is off; some time later it is stopped and comes back with a right one. */
record ClockOff(String victim, Duration by) implements Fault {

    private static final Duration FOR = Duration.ofSeconds(8);

    @Override
    public Outcome happen(ChaosScene scene) {
        ChaosCluster cluster = scene.cluster();
        cluster.kill(victim);
        cluster.start(victim, by);
        cluster.awaitHealthy(victim);
        ShopClient.pause(FOR);
        cluster.stop(victim);
        cluster.start(victim);
        cluster.awaitHealthy(victim);
        return new Outcome("clock off", scene.settle());
    }

    @Override
    public String toString() {
        return "the clock of " + victim + " is off by " + by.toSeconds() + " s";
    }
}
