package jangter.benchmarks.yardstick;

import jangter.benchmarks.yardstick.Yardstick.Table;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A checkout as one Spring transaction, wherever the tables are and whoever keeps them together. */
final class SpringCheckout {

    private final Map<Table, JdbcTemplate> databases = new EnumMap<>(Table.class);
    private final TransactionTemplate transactions;

    /** @param databases where each table is */
    SpringCheckout(Function<Table, DataSource> databases, PlatformTransactionManager transactions) {
        for (Table table : Table.values()) {
            this.databases.put(table, new JdbcTemplate(databases.apply(table)));
        }
        this.transactions = new TransactionTemplate(transactions);
    }

    /** As {@link Checkouts#pay}. */
    String pay(int order, int customer) {
        String outcome = transactions.execute(transaction -> {
            String tried = tryToPay(order, customer);
            if (!tried.equals(Checkouts.COMPLETED)) {
                transaction.setRollbackOnly();
            }
            return tried;
        });
        if (!outcome.equals(Checkouts.COMPLETED) && !outcome.equals(Checkouts.NOT_PENDING)) {
            transactions.executeWithoutResult(transaction -> update(CheckoutStatement.CANCEL, outcome, order));
        }
        return outcome;
    }

    private String tryToPay(int id, int customer) {
        PendingOrder order = pending(id, customer);
        if (order == null) {
            return Checkouts.NOT_PENDING;
        }
        if (update(CheckoutStatement.TAKE_MONEY, order.total(), customer, order.total()) == 0) {
            return Checkouts.INSUFFICIENT_BALANCE;
        }
        if (order.coupon() != null && update(CheckoutStatement.SPEND_COUPON, id, order.coupon(), customer) == 0) {
            return Checkouts.COUPON_UNUSABLE;
        }
        if (update(CheckoutStatement.TAKE_PIECES, order.quantity(), order.product(), order.quantity()) == 0) {
            return Checkouts.OUT_OF_STOCK;
        }
        update(CheckoutStatement.COMPLETE, id);
        return Checkouts.COMPLETED;
    }

    private @Nullable PendingOrder pending(int id, int customer) {
        CheckoutStatement find = CheckoutStatement.FIND_PENDING;
        return databases.get(find.table()).query(find.sql(), PendingOrder::in, id, customer);
    }

    private int update(CheckoutStatement statement, Object... values) {
        return databases.get(statement.table()).update(statement.sql(), values);
    }
}
