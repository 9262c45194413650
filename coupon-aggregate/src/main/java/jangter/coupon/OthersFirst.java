package jangter.coupon;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import jangter.kernel.Require;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many may come for coupons while others have orders placed and paid in the same process. A rush takes all the time there is, and of a
 * second of it each payment would be a second later; so while others are there it is let in at a pace that leaves them room: ten times a
 * second a few together, who are decided and written together. A service that runs alone has no others.
 */
final class OthersFirst {

    /** For how long after they came others count as being there. */
    static final Duration THERE = Duration.ofSeconds(1);

    private static final int TURNS_A_SECOND = 10;

    private final LongSupplier nanoTime;
    private final AtomicLong lastCame;
    private final Bucket pace;

    /** @param aSecond how many are let in each second while others are there; a tenth of them comes together */
    OthersFirst(int aSecond, LongSupplier nanoTime) {
        Require.between("jangter.coupon.beside-others", aSecond, 1, 1_000_000);
        this.nanoTime = nanoTime;
        this.lastCame = new AtomicLong(nanoTime.getAsLong() - THERE.toNanos());
        int together = Math.max(1, aSecond / TURNS_A_SECOND);
        this.pace = Bucket.builder().withCustomTimePrecision(new Time(nanoTime)).addLimit(limit -> limit.capacity(together)
                .refillIntervally(together, Duration.ofSeconds(together).dividedBy(aSecond))).build();
    }

    /** Somebody came for something else. */
    void otherCame() {
        lastCame.set(nanoTime.getAsLong());
    }

    /** Whether one who comes for a coupon may come in. */
    boolean letIn() {
        return nanoTime.getAsLong() - lastCame.get() >= THERE.toNanos() || pace.tryConsume(1);
    }

    private record Time(LongSupplier nanoTime) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
