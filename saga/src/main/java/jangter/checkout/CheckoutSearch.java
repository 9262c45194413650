package jangter.checkout;

import jangter.checkout.Checkout.State;
import jangter.kernel.CustomerId;
import jangter.kernel.Require;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which checkouts are looked for; all that is told must hold.
 *
 * @param order how the order's id begins
 */
record CheckoutSearch(@Nullable State state, @Nullable CustomerId customer, @Nullable String order) {

    private static final Pattern BEGINNING = Pattern.compile("[0-9A-Za-z-]{1,70}");
    private static final int DISTINCTIVE = "order-".length() + 4;

    CheckoutSearch {
        if (order != null) {
            Require.matches("order", order, BEGINNING);
        }
    }

    /** Whether so much of the order's id is told that few others begin like it. */
    boolean isForFewOrders() {
        return order != null && order.length() >= DISTINCTIVE;
    }

    boolean wants(String id) {
        return order == null || id.startsWith(order);
    }

    boolean wants(CheckoutSummary checkout) {
        return wants(checkout.orderId().value()) && (state == null || state == checkout.state()) && (customer == null || customer.equals(checkout.customerId()));
    }
}
