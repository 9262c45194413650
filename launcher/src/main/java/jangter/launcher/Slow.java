package jangter.launcher;

import java.time.Duration;

/** For a while everything between a service and Axon Server or Mongo takes longer, each way. */
record Slow(String service, String server) implements Fault {

    private static final Duration BY = Duration.ofMillis(50);
    private static final Duration FOR = Duration.ofSeconds(3);

    @Override
    public Outcome happen(ChaosScene scene) {
        FaultyWire wire = scene.cluster().wire(service, server);
        wire.slow(BY);
        ShopClient.pause(FOR);
        wire.slow(Duration.ZERO);
        return new Outcome("connection slow", "");
    }

    @Override
    public boolean isGentle() {
        return true;
    }

    @Override
    public String toString() {
        return "slow " + service + " to " + server + " by " + BY.toMillis() + " ms";
    }
}
