package jangter.platform.http;

import java.util.function.BooleanSupplier;

/** A server without which requests cannot be answered. Asked at every request whether it is there, so it must know at once. */
public final class Backing {

    private final String name;
    private final boolean neededToRead;
    private final BooleanSupplier up;
    private volatile boolean wasUp;

    /**
     * @param name as metrics name it
     * @param neededToRead whether requests that change nothing need it too
     * @param up whether it is connected, from memory
     */
    public Backing(String name, boolean neededToRead, BooleanSupplier up) {
        this.name = name;
        this.neededToRead = neededToRead;
        this.up = up;
    }

    String name() {
        return name;
    }

    boolean isNeeded(boolean toRead) {
        return neededToRead || !toRead;
    }

    /** Whether its connection is lost. Before there was one, the first request shall make it rather than be refused. */
    boolean isAway() {
        boolean isUp = up.getAsBoolean();
        if (isUp) {
            wasUp = true;
        }
        return wasUp && !isUp;
    }
}
