package jangter.benchmarks.yardstick;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A way to build a shop's checkout on PostgreSQL. */
public enum Yardstick {

    /** One Spring application, one database, one local transaction. */
    MONOLITH(List.of("shop", "shop", "shop", "shop")),
    /** Orders, wallets, stock and coupons each in a database of their own, kept together by XA. */
    XA(List.of("orders", "wallets", "stock", "coupons")),
    /** The same in four databases of its own, kept together by the transaction manager Narayana. */
    XA_NARAYANA(List.of("narayana_orders", "narayana_wallets", "narayana_stock", "narayana_coupons"));

    private final List<String> databases;

    Yardstick(List<String> databases) {
        this.databases = databases;
    }

    public static Optional<Yardstick> named(String name) {
        return Arrays.stream(values()).filter(yardstick -> yardstick.title().equals(name)).findFirst();
    }

    public String title() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The tables of a shop. */
    public enum Table {

        ORDERS("orders(id int primary key, customer int not null, product int not null, quantity int not null, total bigint not null, coupon int,"
                + " status text not null, failure text)"),
        WALLETS("wallets(customer int primary key, balance bigint not null)"),
        PRODUCTS("products(id int primary key, stock int not null)"),
        COUPONS("coupons(id int primary key, owner int not null, used_by int)");

        private final String definition;

        Table(String definition) {
            this.definition = definition;
        }
    }

    /** The database that holds the table. */
    public String database(Table table) {
        return databases.get(table.ordinal());
    }

    /** Makes the databases and their empty tables. */
    public void create(Postgres postgres) {
        databases.stream().distinct().forEach(postgres::createDatabase);
        for (Table table : Table.values()) {
            postgres.execute(database(table), "create table " + table.definition);
        }
    }

    Checkouts checkouts(PostgresAddress postgres, java.nio.file.Path folder, int connections) {
        return switch (this) {
            case MONOLITH -> new Monolith(postgres, database(Table.ORDERS), connections);
            case XA -> new TwoPhaseCommit(postgres, this, folder, connections);
            case XA_NARAYANA -> new Narayana(postgres, this, folder, connections);
        };
    }
}
