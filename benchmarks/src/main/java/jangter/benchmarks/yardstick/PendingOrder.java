package jangter.benchmarks.yardstick;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** An order that waits to be paid. */
record PendingOrder(int product, int quantity, long total, @Nullable Integer coupon) {

    /** The only one in that answer to {@link CheckoutStatement#FIND_PENDING}, if there is one. */
    static @Nullable PendingOrder in(ResultSet row) throws SQLException {
        return row.next() ? new PendingOrder(row.getInt(1), row.getInt(2), row.getLong(3), row.getObject(4, Integer.class)) : null;
    }
}
