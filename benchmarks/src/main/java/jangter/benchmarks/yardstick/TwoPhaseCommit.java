package jangter.benchmarks.yardstick;

import jangter.benchmarks.yardstick.Yardstick.Table;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;
import org.postgresql.xa.PGXADataSource;

/**
 * The shop as four services on four databases that XA keeps together: all branches are prepared, the decision is logged, all branches are
 * committed, each of it synced.
 *
 * <p>The coordinator is written by hand over the driver's {@code XADataSource}, rather than a transaction manager taken: it does only what
 * the protocol demands, so the yardstick is rather too fast than too slow. It has no recovery, which costs nothing where nothing crashes.
 * {@link Narayana} is the same with a transaction manager.
 */
final class TwoPhaseCommit implements Checkouts {

    private final BlockingQueue<Branches> idle;
    private final DecisionLog decisions;
    private final AtomicLong transactions = new AtomicLong();

    TwoPhaseCommit(PostgresAddress postgres, Yardstick yardstick, Path folder, int connections) {
        idle = new ArrayBlockingQueue<>(connections);
        decisions = new DecisionLog(folder.resolve("decisions.log"));
        try {
            for (int i = 0; i < connections; i++) {
                idle.add(new Branches(postgres, yardstick));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A transaction's branch in one database. */
    private record Branch(long transaction, Table table) implements Xid {

        @Override
        public int getFormatId() {
            return 1;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(Long.BYTES).putLong(transaction).array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[]{(byte) table.ordinal()};
        }
    }

    @Override
    public String pay(int order, int customer) {
        try {
            Branches branches = idle.take();
            try {
                return pay(branches, order, customer);
            } finally {
                idle.add(branches);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.");
        } catch (SQLException | XAException e) {
            throw new IllegalStateException(e);
        }
    }

    private String pay(Branches branches, int order, int customer) throws SQLException, XAException {
        branches.begin(transactions.incrementAndGet());
        String outcome = tryToPay(branches, order, customer);
        if (outcome.equals(COMPLETED)) {
            branches.commit(decisions);
            return outcome;
        }
        branches.rollback();
        if (!outcome.equals(NOT_PENDING)) {
            branches.begin(transactions.incrementAndGet());
            branches.update(CheckoutStatement.CANCEL, outcome, order);
            branches.commit(decisions);
        }
        return outcome;
    }

    private static String tryToPay(Branches branches, int id, int customer) throws SQLException, XAException {
        PendingOrder order = pending(branches, id, customer);
        if (order == null) {
            return NOT_PENDING;
        }
        if (branches.update(CheckoutStatement.TAKE_MONEY, order.total(), customer, order.total()) == 0) {
            return INSUFFICIENT_BALANCE;
        }
        if (order.coupon() != null && branches.update(CheckoutStatement.SPEND_COUPON, id, order.coupon(), customer) == 0) {
            return COUPON_UNUSABLE;
        }
        if (branches.update(CheckoutStatement.TAKE_PIECES, order.quantity(), order.product(), order.quantity()) == 0) {
            return OUT_OF_STOCK;
        }
        branches.update(CheckoutStatement.COMPLETE, id);
        return COMPLETED;
    }

    private static @Nullable PendingOrder pending(Branches branches, int id, int customer) throws SQLException, XAException {
        PreparedStatement select = branches.statement(CheckoutStatement.FIND_PENDING);
        select.setInt(1, id);
        select.setInt(2, customer);
        try (ResultSet row = select.executeQuery()) {
            return PendingOrder.in(row);
        }
    }

    @Override
    public void close() {
        idle.forEach(Branches::close);
        decisions.close();
    }

    /** One connection to each database, and the transaction that they are in together. */
    private static final class Branches implements AutoCloseable {

        private final Map<Table, XAConnection> connections = new EnumMap<>(Table.class);
        private final Map<Table, Connection> handles = new EnumMap<>(Table.class);
        private final Map<CheckoutStatement, PreparedStatement> statements = new EnumMap<>(CheckoutStatement.class);
        private final List<Branch> begun = new ArrayList<>();
        private long transaction;

        Branches(PostgresAddress postgres, Yardstick yardstick) throws SQLException {
            for (Table table : Table.values()) {
                PGXADataSource source = new PGXADataSource();
                source.setUrl(postgres.url(yardstick.database(table)));
                source.setUser(PostgresAddress.USER);
                source.setPassword(postgres.password());
                XAConnection connection = source.getXAConnection();
                connections.put(table, connection);
                handles.put(table, connection.getConnection());
            }
        }

        void begin(long number) {
            transaction = number;
            begun.clear();
        }

        /** The statement in its database, whose branch begins with the first. */
        PreparedStatement statement(CheckoutStatement statement) throws SQLException, XAException {
            Table table = statement.table();
            if (begun.stream().noneMatch(branch -> branch.table() == table)) {
                Branch branch = new Branch(transaction, table);
                resource(table).start(branch, XAResource.TMNOFLAGS);
                begun.add(branch);
            }
            PreparedStatement known = statements.get(statement);
            if (known == null) {
                known = handles.get(table).prepareStatement(statement.sql());
                statements.put(statement, known);
            }
            return known;
        }

        int update(CheckoutStatement statement, Object... values) throws SQLException, XAException {
            PreparedStatement update = statement(statement);
            for (int i = 0; i < values.length; i++) {
                update.setObject(i + 1, values[i]);
            }
            return update.executeUpdate();
        }

        /** In two phases; with one branch one is enough, as any transaction manager does it. */
        void commit(DecisionLog decisions) throws XAException {
            for (Branch branch : begun) {
                resource(branch.table()).end(branch, XAResource.TMSUCCESS);
            }
            if (begun.size() == 1) {
                resource(begun.get(0).table()).commit(begun.get(0), true);
                return;
            }
            for (Branch branch : begun) {
                resource(branch.table()).prepare(branch);
            }
            decisions.commit(transaction);
            for (Branch branch : begun) {
                resource(branch.table()).commit(branch, false);
            }
        }

        void rollback() throws XAException {
            for (Branch branch : begun) {
                resource(branch.table()).end(branch, XAResource.TMFAIL);
                resource(branch.table()).rollback(branch);
            }
        }

        private XAResource resource(Table table) {
            try {
                return connections.get(table).getXAResource();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            try {
                for (XAConnection connection : connections.values()) {
                    connection.close();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
