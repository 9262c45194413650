package jangter.launcher;

/** Something that goes wrong on purpose. */
interface Fault {

    /** What went wrong in fact, by what it is counted, and what is worth telling of it. */
    record Outcome(String kind, String note) {
    }

    /** What is about to go wrong, in a line. */
    @Override
    String toString();

    /** Lets it happen, and waits until it is over. */
    Outcome happen(ChaosScene scene);

    /** Whether it can happen beside a long pause without spoiling what is measured. */
    default boolean isGentle() {
        return false;
    }
}
