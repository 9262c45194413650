package jangter.benchmarks.yardstick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jangter.benchmarks.yardstick.Yardstick.Table;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A yardstick that keeps no promise would be a fast one. Without PostgreSQL on the machine there is nothing to test. */
class YardstickTest {

    @TempDir
    private static Path folder;
    private static Postgres postgres;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Postgres.programs().isPresent(), "no PostgreSQL on this machine");
        try (ServerSocket free = new ServerSocket(0)) {
            int port = free.getLocalPort();
            free.close();
            postgres = Postgres.start(Postgres.programs().orElseThrow(), folder, new PostgresAddress(port, "secret"));
        }
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Yardstick.class)
    void a_checkout_does_all_or_nothing(Yardstick yardstick, @TempDir Path log) throws Exception {
        yardstick.create(postgres);
        insert(yardstick, Table.WALLETS, "(1, 1000), (2, 10)");
        insert(yardstick, Table.PRODUCTS, "(1, 3), (2, 0)");
        insert(yardstick, Table.COUPONS, "(1, 1, null), (2, 2, null), (3, 1, null)");
        insert(yardstick, Table.ORDERS, "(1, 1, 1, 2, 100, 1, 'PENDING', null), (2, 1, 2, 1, 100, 3, 'PENDING', null),"
                + "(3, 2, 1, 1, 100, null, 'PENDING', null), (4, 1, 1, 1, 100, 2, 'PENDING', null)");
        try (Checkouts checkouts = yardstick.checkouts(postgres.address(), log, 2)) {
            assertThat(checkouts.pay(1, 2)).as("another's order").isEqualTo(Checkouts.NOT_PENDING);
            assertThat(checkouts.pay(1, 1)).isEqualTo(Checkouts.COMPLETED);
            assertThat(checkouts.pay(1, 1)).as("asked twice").isEqualTo(Checkouts.NOT_PENDING);
            assertThat(checkouts.pay(2, 1)).isEqualTo(Checkouts.OUT_OF_STOCK);
            assertThat(checkouts.pay(3, 2)).isEqualTo(Checkouts.INSUFFICIENT_BALANCE);
            assertThat(checkouts.pay(4, 1)).as("another's coupon").isEqualTo(Checkouts.COUPON_UNUSABLE);
        }
        assertThat(read(yardstick, Table.WALLETS, "select string_agg(customer || '=' || balance, ' ' order by customer) from wallets")).isEqualTo("1=900 2=10");
        assertThat(read(yardstick, Table.PRODUCTS, "select string_agg(id || '=' || stock, ' ' order by id) from products")).isEqualTo("1=1 2=0");
        assertThat(read(yardstick, Table.COUPONS, "select string_agg(id || '=' || coalesce(used_by, 0), ' ' order by id) from coupons")).isEqualTo("1=1 2=0 3=0");
        assertThat(read(yardstick, Table.ORDERS, "select string_agg(status || coalesce('/' || failure, ''), ' ' order by id) from orders"))
                .isEqualTo("COMPLETED CANCELLED/OUT_OF_STOCK CANCELLED/INSUFFICIENT_BALANCE CANCELLED/COUPON_UNUSABLE");
        assertThat(read(yardstick, Table.ORDERS, "select count(*)::text from pg_prepared_xacts")).as("nothing is left prepared").isEqualTo("0");
        assertThat(written(log).contains(decision(yardstick))).as("a decision is in the log").isTrue();
    }

    @ParameterizedTest
    @EnumSource(Yardstick.class)
    void a_yardstick_is_found_by_its_title(Yardstick yardstick) {
        assertThat(Yardstick.named(yardstick.title())).contains(yardstick);
    }

    @Test
    void a_title_is_written_as_on_the_command_line() {
        assertThat(Yardstick.XA_NARAYANA.title()).isEqualTo("xa-narayana");
    }

    /** What a coordinator writes down of a decision. */
    private static String decision(Yardstick yardstick) {
        return switch (yardstick) {
            case MONOLITH -> "";
            case XA -> "commit ";
            case XA_NARAYANA -> "AtomicAction";
        };
    }

    private static String written(Path log) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(log)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    private static void insert(Yardstick yardstick, Table table, String rows) {
        postgres.execute(yardstick.database(table), "insert into " + table + " values " + rows);
    }

    private static String read(Yardstick yardstick, Table table, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.address().url(yardstick.database(table)), PostgresAddress.USER,
                postgres.address().password()); Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
