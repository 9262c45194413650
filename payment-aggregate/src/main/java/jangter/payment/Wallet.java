package jangter.payment;

import static jangter.payment.api.PaymentEvent.DeclineReason.INSUFFICIENT_BALANCE;
import static jangter.payment.api.PaymentEvent.DeclineReason.OTHER_CURRENCY;
import static jangter.payment.api.PaymentEvent.DeclineReason.TOO_LATE;
import static jangter.payment.api.PaymentEvent.DeclineReason.VOIDED;
import static org.axonframework.modelling.command.AggregateCreationPolicy.CREATE_IF_MISSING;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import jangter.kernel.ChargeId;
import jangter.kernel.Money;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import jangter.kernel.RecentKeys;
import jangter.kernel.WalletId;
import jangter.payment.api.PaymentCommand.ChargeWallet;
import jangter.payment.api.PaymentCommand.RefundPayment;
import jangter.payment.api.PaymentCommand.SettlePayments;
import jangter.payment.api.PaymentCommand.TakePayment;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import jangter.payment.api.PaymentEvent.PaymentsSettled;
import jangter.payment.api.PaymentEvent.WalletCharged;
import jangter.payment.api.PaymentRefusal;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One customer's money in the shop, in one currency. It never holds less than nothing, and never so much that an open payment could
 * not be refunded any more. A customer who never charged has one as well: what costs nothing can be paid from it.
 */
@Aggregate(snapshotTriggerDefinition = "snapshots", cache = "aggregateCache")
@Revision("1")
class Wallet {

    @AggregateIdentifier
    private WalletId id;
    /** Nothing until the wallet is opened, by a charge or by an order that costs nothing. */
    private @Nullable Money balance;
    /** What the balance would be, were all open payments refunded. */
    private @Nullable Money ceiling;
    private final RecentKeys<ChargeId> charges = new RecentKeys<>();
    private final PaymentMemory<Money> payments = new PaymentMemory<>();

    Wallet() {
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(ChargeWallet command) {
        if (charges.contains(command.chargeId())) {
            return;
        }
        if (keepsOtherThan(command.amount())) {
            throw PaymentRefusal.OTHER_CURRENCY.because("The wallet keeps another currency.");
        }
        if (ceiling != null && !ceiling.hasRoomFor(command.amount())) {
            throw PaymentRefusal.WALLET_FULL.because("The wallet would hold more than a wallet may.");
        }
        Money after = balance == null ? command.amount() : balance.plus(command.amount());
        apply(new WalletCharged(command.walletId(), command.chargeId(), command.amount(), after));
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(TakePayment command) {
        if (payments.isAnswered(command.paymentId())) {
            return;
        }
        Optional<DeclineReason> reason = reasonToDecline(command);
        if (reason.isPresent()) {
            apply(new PaymentDeclined(command.walletId(), command.paymentId(), command.orderId(), command.amount(), reason.get(),
                    command.requestedAt()));
            return;
        }
        Money after = balance == null ? command.amount() : balance.minus(command.amount());
        apply(new PaymentTaken(command.walletId(), command.paymentId(), command.orderId(), command.amount(), after,
                command.requestedAt()));
    }

    private Optional<DeclineReason> reasonToDecline(TakePayment command) {
        if (payments.isVoid(command.paymentId())) {
            return Optional.of(VOIDED);
        }
        if (payments.isTooLate(command.requestedAt())) {
            return Optional.of(TOO_LATE);
        }
        if (keepsOtherThan(command.amount())) {
            return Optional.of(OTHER_CURRENCY);
        }
        return holds(command.amount()) ? Optional.empty() : Optional.of(INSUFFICIENT_BALANCE);
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void handle(RefundPayment command) {
        if (payments.isOver(command.paymentId())) {
            return;
        }
        payments.done(command.paymentId()).ifPresentOrElse(
                taken -> apply(new PaymentRefunded(command.walletId(), command.paymentId(), command.orderId(), taken, balance.plus(taken),
                        command.requestedAt())),
                () -> apply(new PaymentVoided(command.walletId(), command.paymentId(), command.orderId(), command.requestedAt())));
    }

    /** Has no wallet to create: what is settled was taken from it. */
    @CommandHandler
    void handle(SettlePayments command) {
        if (command.payments().stream().anyMatch(payment -> payments.done(payment).isPresent())) {
            apply(new PaymentsSettled(command.walletId(), command.payments()));
        }
    }

    private boolean keepsOtherThan(Money amount) {
        return balance != null && !balance.currency().equals(amount.currency());
    }

    private boolean holds(Money amount) {
        return balance == null ? !amount.isPositive() : balance.compareTo(amount) >= 0;
    }

    @EventSourcingHandler
    void on(WalletCharged event) {
        id = event.walletId();
        balance = event.balance();
        ceiling = ceiling == null ? event.amount() : ceiling.plus(event.amount());
        charges.add(event.chargeId());
    }

    @EventSourcingHandler
    void on(PaymentTaken event) {
        id = event.walletId();
        balance = event.balance();
        ceiling = ceiling == null ? event.balance() : ceiling;
        payments.remember(event.paymentId(), event.amount(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(PaymentDeclined event) {
        id = event.walletId();
        payments.close(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(PaymentRefunded event) {
        balance = event.balance();
        payments.close(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(PaymentVoided event) {
        id = event.walletId();
        payments.markVoid(event.paymentId(), event.requestedAt());
    }

    @EventSourcingHandler
    void on(PaymentsSettled event) {
        for (PaymentId payment : event.payments()) {
            payments.done(payment).ifPresent(taken -> ceiling = ceiling.minus(taken));
        }
        payments.settle(event.payments());
    }
}
