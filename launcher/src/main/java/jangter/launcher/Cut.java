package jangter.launcher;

/** All connections of a service to Axon Server or to Mongo break; new ones can be made at once. */
record Cut(String service, String server) implements Fault {

    @Override
    public Outcome happen(ChaosScene scene) {
        scene.cluster().wire(service, server).cut();
        return new Outcome("connection cut", "");
    }

    @Override
    public boolean isGentle() {
        return true;
    }

    @Override
    public String toString() {
        return "cut " + service + " from " + server;
    }
}
