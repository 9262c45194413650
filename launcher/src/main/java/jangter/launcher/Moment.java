package jangter.launcher;

/** The moments between which a process must be able to die: what it did before is done, and of what comes next nobody hears. */
enum Moment {

    /** It is about to send a command, and never does. */
    BEFORE_SEND("before send"),
    /** Its event, or its timer, is in the store, and it never learns of that. */
    AFTER_APPEND("after append"),
    /** A saga is in Mongo, and its process never learns of that. */
    AFTER_SAGA_STORE("after saga store"),
    /** A command is done, and who asked for it never gets the answer. */
    BEFORE_ANSWER("before the answer");

    private final String words;

    Moment(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
