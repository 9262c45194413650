package jangter.launcher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lies in wait on one wire or several for a moment, and strikes once. */
final class Trap {

    private final Moment moment;
    private final Runnable strike;
    private final AtomicBoolean done = new AtomicBoolean();
    private final CountDownLatch struck = new CountDownLatch(1);

    Trap(Moment moment, Runnable strike) {
        this.moment = moment;
        this.strike = strike;
    }

    /** Strikes if this is the moment. What is on its way must not arrive then: true. */
    boolean springsAt(Moment now) {
        if (now != moment || !done.compareAndSet(false, true)) {
            return false;
        }
        strike.run();
        struck.countDown();
        return true;
    }

    /** Waits for the moment; if it does not come, it lies in wait no longer: false. */
    boolean await(Duration patience) {
        try {
            if (struck.await(patience.toMillis(), TimeUnit.MILLISECONDS) || done.compareAndSet(false, true)) {
                return struck.getCount() == 0;
            }
            struck.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        }
    }
}
