package jangter.benchmarks.yardstick;

import jangter.benchmarks.yardstick.Yardstick.Table;

/** What a checkout does to its tables, in this order: the same by every yardstick, so that only what keeps it together is compared. */
enum CheckoutStatement {

    /** Answers with {@link PendingOrder}'s columns. */
    FIND_PENDING(Table.ORDERS, "select product, quantity, total, coupon from orders where id = ? and customer = ? and status = 'PENDING' for update"),
    TAKE_MONEY(Table.WALLETS, "update wallets set balance = balance - ? where customer = ? and balance >= ?"),
    SPEND_COUPON(Table.COUPONS, "update coupons set used_by = ? where id = ? and owner = ? and used_by is null"),
    /** Last of those that may refuse, since it is what most wait for each other at. */
    TAKE_PIECES(Table.PRODUCTS, "update products set stock = stock - ? where id = ? and stock >= ?"),
    COMPLETE(Table.ORDERS, "update orders set status = 'COMPLETED' where id = ?"),
    /** Instead of all these, when one of them has refused. */
    CANCEL(Table.ORDERS, "update orders set status = 'CANCELLED', failure = ? where id = ? and status = 'PENDING'");

    private final Table table;
    private final String sql;

    CheckoutStatement(Table table, String sql) {
        this.table = table;
        this.sql = sql;
    }

    Table table() {
        return table;
    }

    String sql() {
        return sql;
    }
}
