package jangter.launcher;

import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.kernel.OrderId;
import jangter.payment.api.PaymentCommand.TakePayment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the command handlers and lets them be slow, or away, for trying out how a checkout takes that. The checkout sees what it
 * would see of a real one: no answer in time.
 */
final class Outages implements MessageHandlerInterceptor<CommandMessage<?>> {

    private final Clock clock;
    private final Map<OrderId, Instant> slow = new ConcurrentHashMap<>();
    private volatile Instant inventoryIsBackAt = Instant.EPOCH;

    Outages(Clock clock) {
        this.clock = clock;
    }

    /** For so long no payment is taken for that order; whoever asks waits. */
    void delayPayment(OrderId order, Duration time) {
        slow.values().removeIf(until -> until.isBefore(clock.instant()));
        slow.put(order, clock.instant().plus(time));
    }

    /** For so long the inventory does nothing for checkouts. */
    void loseInventory(Duration time) {
        inventoryIsBackAt = clock.instant().plus(time);
    }

    @Override
    public @Nullable Object handle(UnitOfWork<? extends CommandMessage<?>> unitOfWork, InterceptorChain chain) throws Exception {
        Object command = unitOfWork.getMessage().getPayload();
        if (command instanceof TakePayment payment) {
            Duration left = Duration.between(clock.instant(), slow.getOrDefault(payment.orderId(), Instant.EPOCH));
            if (!left.isNegative()) {
                ShopClient.pause(left);
            }
        }
        if ((command instanceof DeductStock || command instanceof RestoreStock) && clock.instant().isBefore(inventoryIsBackAt)) {
            throw new CommandExecutionException("The inventory is played to be away until " + inventoryIsBackAt, null);
        }
        return chain.proceed();
    }
}
