package jangter.proof;

import jangter.checkout.Checkout;
import jangter.checkout.Pace;
import jangter.checkout.Turn;
import java.time.Instant;

/**
 * A rule of the shop that is broken, to see that the simulation would notice. It is broken from outside: what an aggregate remembers is
 * changed when it is loaded, what a checkout is told and asks for is changed on its way.
 */
class Mutation {

    static final Mutation NONE = new Mutation();

    /** What an aggregate makes of one of its events when it is loaded. */
    Object sourced(Object event) {
        return event;
    }

    /** What an aggregate forgets before it handles a command. */
    void loaded(Object aggregate) {
    }

    /** What a checkout does instead of what it should. */
    Turn turned(Turn turn, Instant now, Pace pace) {
        return turn;
    }

    /** What a checkout takes itself for when it hears of an event. */
    Checkout hearing(Checkout checkout, Object event) {
        return checkout;
    }

    /** Whether the command is sent at all. */
    boolean sends(Object command) {
        return true;
    }

    /** Whether the saga's token moves before its state is stored. */
    boolean movesTokenFirst() {
        return false;
    }

    /** Whether a checkout that is asked to wait for its timer hears it. */
    boolean keepsTime() {
        return true;
    }

    /** Whether whoever stores sagas notices that another has gone on with them meanwhile. */
    boolean fencesOffTheStale() {
        return true;
    }

    @Override
    public String toString() {
        return "no rule is broken";
    }
}
