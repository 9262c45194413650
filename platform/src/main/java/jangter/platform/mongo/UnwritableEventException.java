package jangter.platform.mongo;

/** What an event's handler wants written was refused by the database, for what it is. */
final class UnwritableEventException extends RuntimeException {

    UnwritableEventException(String collection, Throwable fault) {
        super("What it wants written to " + collection + " was refused: " + fault.getMessage(), fault);
    }
}
