package jangter.benchmarks.yardstick;

/** Where a PostgreSQL is and how it lets in. */
public record PostgresAddress(int port, String password) {

    static final String USER = "bench";

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }
}
