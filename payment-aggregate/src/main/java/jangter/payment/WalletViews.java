package jangter.payment;

import static com.mongodb.client.model.Updates.set;

import jangter.kernel.Money;
import jangter.payment.WalletEntry.Kind;
import jangter.payment.api.PaymentEvent;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.WalletCharged;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Instant;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.bson.Document;
import org.springframework.stereotype.Component;

/**
 * Writes what {@link Wallets} reads.
 *
 * <p>Two collections. {@code wallets}: the balance, and the number of the latest event that has an entry in the history. {@code history}:
 * the entries, a page of them under the wallet and the page's number, so that they are read by ids alone.
 *
 * <p>An event that comes again, or from a processor that was too slow to notice that another has taken over, changes nothing: an entry
 * stands under its event's number, and what a wallet shows only ever moves to a greater number.
 */
@Component
@ProcessingGroup(WalletViews.GROUP)
class WalletViews {

    static final String GROUP = "payment-views";

    private static final String LATEST = "latest";

    private final View wallets;
    private final View history;

    WalletViews(Databases databases) {
        this.wallets = databases.of(PaymentService.NAME).view(GROUP, Wallets.WALLETS);
        this.history = databases.of(PaymentService.NAME).view(GROUP, Wallets.HISTORY);
    }

    @EventHandler
    void on(WalletCharged event, @Timestamp Instant at, @SequenceNumber long number) {
        enter(event, number, entry(Kind.CHARGED, event.amount(), at), event.balance());
    }

    @EventHandler
    void on(PaymentTaken event, @Timestamp Instant at, @SequenceNumber long number) {
        enter(event, number, entry(Kind.PAID, event.amount(), at).append("order", event.orderId()), event.balance());
    }

    @EventHandler
    void on(PaymentRefunded event, @Timestamp Instant at, @SequenceNumber long number) {
        enter(event, number, entry(Kind.REFUNDED, event.amount(), at).append("order", event.orderId()), event.balance());
    }

    @EventHandler
    void on(PaymentDeclined event, @Timestamp Instant at, @SequenceNumber long number) {
        if (concernsTheCustomer(event.reason())) {
            wallets.advanceOrMake(event.walletId(), LATEST, number, Map.of());
            Document declined = entry(Kind.DECLINED, event.amount(), at).append("order", event.orderId()).append("reason", event.reason());
            enter(event, number, declined);
        }
    }

    /** A late or undone payment was declined for reasons of ours: nobody's money or currency was at fault. */
    private static boolean concernsTheCustomer(DeclineReason reason) {
        return reason == DeclineReason.INSUFFICIENT_BALANCE || reason == DeclineReason.OTHER_CURRENCY;
    }

    private void enter(PaymentEvent event, long number, Document entry, Money balance) {
        wallets.advanceOrMake(event.walletId(), LATEST, number, Map.of("state", new Document("number", number).append("balance", balance)));
        enter(event, number, entry.append("balance", balance));
    }

    private void enter(PaymentEvent event, long number, Document entry) {
        history.set(Wallets.page(event.walletId(), number / Wallets.ENTRIES_PER_PAGE), set("entries." + number, entry));
    }

    private static Document entry(Kind kind, Money amount, Instant at) {
        return new Document("at", at).append("kind", kind).append("amount", amount);
    }
}
