package jangter.benchmarks.yardstick;

import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.arjuna.objectstore.StoreManager;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqJournalEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqObjectStoreAdaptor;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.TransactionManager;
import com.arjuna.ats.jta.UserTransaction;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jangter.benchmarks.yardstick.Yardstick.Table;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.postgresql.xa.PGXADataSource;
import org.springframework.transaction.jta.JtaTransactionManager;

/**
 * The same four services as {@link TwoPhaseCommit}, but led as a Spring shop would have it: by the transaction manager Narayana behind
 * Spring's {@code JtaTransactionManager}, with Agroal's pools, which enlist their connections with it.
 *
 * <p>Narayana's log is its journal store, which on our machines is the fastest of those that keep what they are told. As it comes, it syncs
 * each decision before the first branch is committed, and each decision's removal after the last; those that come together are synced
 * together. No recovery runs, which costs nothing where nothing crashes.
 *
 * <p>Narayana is one for the whole JVM: only one of these can be open at a time.
 */
final class Narayana implements Checkouts {

    private static final String NODE = "shop";

    private final Map<Table, AgroalDataSource> pools = new EnumMap<>(Table.class);
    private final SpringCheckout checkout;

    Narayana(PostgresAddress postgres, Yardstick yardstick, Path folder, int connections) {
        configure(folder.resolve("narayana"));
        for (Table table : Table.values()) {
            pools.put(table, pool(postgres, yardstick.database(table), connections));
        }
        checkout = new SpringCheckout(pools::get, new JtaTransactionManager(UserTransaction.userTransaction(), TransactionManager.transactionManager()));
    }

    private static void configure(Path log) {
        try {
            arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier(NODE);
        } catch (CoreEnvironmentBeanException e) {
            throw new IllegalStateException(e);
        }
        // only a recovery in another process would ask it
        arjPropertyManager.getCoordinatorEnvironmentBean().setTransactionStatusManagerEnable(false);
        arjPropertyManager.getObjectStoreEnvironmentBean().setObjectStoreType(HornetqObjectStoreAdaptor.class.getName());
        HornetqJournalEnvironmentBean journal = BeanPopulator.getDefaultInstance(HornetqJournalEnvironmentBean.class);
        journal.setStoreDir(log.toString());
        // needs a native library that few machines have
        journal.setAsyncIO(false);
    }

    private static AgroalDataSource pool(PostgresAddress postgres, String database, int connections) {
        AgroalDataSourceConfigurationSupplier settings = new AgroalDataSourceConfigurationSupplier();
        settings.connectionPoolConfiguration().maxSize(connections)
                .transactionIntegration(new NarayanaTransactionIntegration(TransactionManager.transactionManager(),
                        new TransactionSynchronizationRegistryImple()))
                .connectionFactoryConfiguration().connectionProviderClass(PGXADataSource.class).jdbcUrl(postgres.url(database))
                .principal(new NamePrincipal(PostgresAddress.USER)).credential(new SimplePassword(postgres.password()));
        try {
            return AgroalDataSource.from(settings);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String pay(int order, int customer) {
        return checkout.pay(order, customer);
    }

    @Override
    public void close() {
        pools.values().forEach(AgroalDataSource::close);
        StoreManager.shutdown();
    }
}
