package jangter.order;

import jangter.kernel.InvalidValueException;
import jangter.kernel.OrderId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;

/** A place in a customer's list of orders, newest first: that of one order. Written {@code 2026-05-04T09:00:00Z_order-…}. */
record OrderCursor(Instant placedAt, String id) {

    static final Comparator<OrderCursor> NEWEST_FIRST =
            Comparator.comparing(OrderCursor::placedAt).thenComparing(OrderCursor::id).reversed();

    /** Before the newest order there can be. */
    static final OrderCursor NEWEST = new OrderCursor(Instant.parse("9999-12-31T23:59:59Z"), "");

    private static final char BETWEEN = '_';

    static OrderCursor parse(String cursor) {
        int between = cursor.indexOf(BETWEEN);
        try {
            return new OrderCursor(Instant.parse(cursor.substring(0, Math.max(0, between))),
                    new OrderId(cursor.substring(between + 1)).value());
        } catch (DateTimeException | InvalidValueException notOurs) {
            throw new InvalidValueException("cursor", "must be one that the page before told");
        }
    }

    String day() {
        return Orders.day(placedAt);
    }

    /** Whether that order comes after this place. */
    boolean isBefore(OrderCursor other) {
        return NEWEST_FIRST.compare(this, other) < 0;
    }

    @Override
    public String toString() {
        return placedAt + String.valueOf(BETWEEN) + id;
    }
}
