package jangter.benchmarks.yardstick;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The shop as one application on one database: a checkout is one Spring transaction. */
final class Monolith implements Checkouts {

    private final HikariDataSource pool;
    private final SpringCheckout checkout;

    Monolith(PostgresAddress postgres, String database, int connections) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(postgres.url(database));
        settings.setUsername(PostgresAddress.USER);
        settings.setPassword(postgres.password());
        settings.setMaximumPoolSize(connections);
        pool = new HikariDataSource(settings);
        checkout = new SpringCheckout(table -> pool, new JdbcTransactionManager(pool));
    }

    @Override
    public String pay(int order, int customer) {
        return checkout.pay(order, customer);
    }

    @Override
    public void close() {
        pool.close();
    }
}
