package jangter.launcher;

import java.time.Duration;

/** {@code kill -STOP}, and {@code kill -CONT} some seconds later. */
record Pause(String victim, int seconds) implements Fault {

    @Override
    public Outcome happen(ChaosScene scene) {
        scene.cluster().signal(victim, "STOP");
        ShopClient.pause(Duration.ofSeconds(seconds));
        scene.cluster().signal(victim, "CONT");
        return new Outcome("pause of " + seconds + " s", scene.settle());
    }

    /** Whether others should happen meanwhile. */
    boolean isLong() {
        return seconds >= 30;
    }

    @Override
    public String toString() {
        return "pause " + victim + " for " + seconds + " s";
    }
}
