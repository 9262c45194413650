package jangter.benchmarks;

import jangter.kernel.CustomerId;
import jangter.platform.http.Attempt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Ids of what is asked for over the command bus, as the shop's edge makes them for who sends no idempotency key: in the order in which it is asked for. The
 * yardsticks' are numbers.
 *
 * @param run tells the things of this run from those of others
 */
record EdgeIds(String run, Instant start) {

    private static final CustomerId CALLER = new CustomerId("bench");

    /** The same each time it is asked for. */
    UUID uuid(String thing, int number) {
        UUID nonce = UUID.nameUUIDFromBytes((run + "/" + number).getBytes(StandardCharsets.UTF_8));
        return new Attempt(CALLER, "POST /bench", null, nonce, start.plusMillis(number)).uuid(thing);
    }
}
