package jangter.platform.messaging;

/** Where commands are handled in the same process as views are written: whoever is told a decision goes before whoever will read of it. */
@FunctionalInterface
public interface CommandsFirst {

    /** Whether many commands are being handled just now, or were a moment ago. */
    boolean areUnderWay();
}
