package jangter.payment;

import jangter.kernel.WalletId;
import jangter.order.api.OrderEvent.OrderCompleted;
import jangter.payment.api.PaymentCommand.SettlePayments;
import jangter.platform.messaging.Commands;
import jangter.platform.messaging.CommandsPerBatch;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/**
 * Once an order is complete, its payment is final, and the wallet need not keep what a refund would need. Telling the wallet again
 * changes nothing, and is spared where processors are replayed.
 */
@Component
@ProcessingGroup("payment-settlement")
@DisallowReplay
class PaymentSettlement {

    private final CommandsPerBatch<WalletId> settle;

    PaymentSettlement(Commands commands) {
        this.settle = new CommandsPerBatch<>(commands.inTheNameOf(PaymentService.NAME), SettlePayments::new);
    }

    @EventHandler
    void on(OrderCompleted event) {
        settle.add(WalletId.of(event.customerId()), event.paymentId());
    }
}
