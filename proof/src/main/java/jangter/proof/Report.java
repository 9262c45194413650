package jangter.proof;

import jangter.checkout.api.Step;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the events say of the shop.
 *
 * @param events how many there were
 * @param placed how many orders were placed
 * @param requested how many checkouts began
 * @param completed how many of them ended with a completed order
 * @param failed how many of them failed
 * @param parked those that wait for an operator
 * @param unfinished those that neither ended nor are parked
 * @param found how many violations there are
 * @param violations the first {@value #MOST_VIOLATIONS} of them
 */
public record Report(long events, long placed, long requested, long completed, long failed, List<Open> parked, List<Open> unfinished, long found,
        List<Violation> violations) {

    public static final int MOST_VIOLATIONS = 1_000;

    /**
     * A checkout that has not ended.
     *
     * @param parkedAt the step that waits for an operator
     */
    public record Open(OrderId orderId, PaymentId paymentId, @Nullable Step parkedAt) {
    }

    public Report {
        parked = List.copyOf(parked);
        unfinished = List.copyOf(unfinished);
        violations = List.copyOf(violations);
    }

    public boolean holds() {
        return found == 0;
    }
}
