package jangter.benchmarks.yardstick;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The shop as one application on one database: a checkout is one Spring transaction. */
final class Monolith implements Checkouts {

    private final HikariDataSource pool;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    Monolith(PostgresAddress postgres, String database, int connections) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(postgres.url(database));
        settings.setUsername(PostgresAddress.USER);
        settings.setPassword(postgres.password());
        settings.setMaximumPoolSize(connections);
        pool = new HikariDataSource(settings);
        jdbc = new JdbcTemplate(pool);
        transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    private record Order(int product, int quantity, long total, @Nullable Integer coupon) {
    }

    @Override
    public String pay(int order, int customer) {
        String outcome = transactions.execute(transaction -> {
            String tried = tryToPay(order, customer);
            if (!tried.equals(COMPLETED)) {
                transaction.setRollbackOnly();
            }
            return tried;
        });
        if (!outcome.equals(COMPLETED) && !outcome.equals(NOT_PENDING)) {
            transactions.executeWithoutResult(transaction ->
                    jdbc.update("update orders set status = 'CANCELLED', failure = ? where id = ? and status = 'PENDING'", outcome, order));
        }
        return outcome;
    }

    private String tryToPay(int id, int customer) {
        Order order = jdbc.query("select product, quantity, total, coupon from orders where id = ? and customer = ? and status = 'PENDING' for update",
                row -> row.next() ? new Order(row.getInt(1), row.getInt(2), row.getLong(3), row.getObject(4, Integer.class)) : null, id, customer);
        if (order == null) {
            return NOT_PENDING;
        }
        if (jdbc.update("update wallets set balance = balance - ? where customer = ? and balance >= ?", order.total(), customer, order.total()) == 0) {
            return INSUFFICIENT_BALANCE;
        }
        if (order.coupon() != null
                && jdbc.update("update coupons set used_by = ? where id = ? and owner = ? and used_by is null", id, order.coupon(), customer) == 0) {
            return COUPON_UNUSABLE;
        }
        // last, since it is what most wait for each other at
        if (jdbc.update("update products set stock = stock - ? where id = ? and stock >= ?", order.quantity(), order.product(), order.quantity()) == 0) {
            return OUT_OF_STOCK;
        }
        jdbc.update("update orders set status = 'COMPLETED' where id = ?", id);
        return COMPLETED;
    }

    @Override
    public void close() {
        pool.close();
    }
}
