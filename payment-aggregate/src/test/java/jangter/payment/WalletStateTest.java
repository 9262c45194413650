package jangter.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import jangter.kernel.ChargeId;
import jangter.kernel.CustomerId;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.WalletId;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.payment.api.PaymentEvent.PaymentDeclined;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.PaymentVoided;
import jangter.payment.api.PaymentEvent.PaymentsSettled;
import jangter.payment.api.PaymentEvent.WalletCharged;
import jangter.platform.messaging.Serializers;
import java.time.Instant;
import java.util.Set;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** What a wallet remembers, as its snapshots hold it. */
class WalletStateTest {

    private static final WalletId WALLET = WalletId.of(new CustomerId("alice"));
    private static final OrderId ORDER = new OrderId("order-1");
    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");
    private static final Money BALANCE = won(1_000_000);

    private final Serializer serializer = Serializers.json();

    @Test
    void a_wallet_comes_back_from_its_snapshot_as_it_was() {
        Wallet wallet = afterTurns(40);
        wallet.on(taken(id(1_000), START.plusSeconds(1_000)));

        assertThat(restored(wallet)).usingRecursiveComparison().isEqualTo(wallet);
    }

    @Test
    void a_wallet_that_was_never_charged_comes_back_from_its_snapshot_as_it_was() {
        Wallet wallet = new Wallet();
        wallet.on(new PaymentVoided(WALLET, id(1), ORDER, START));

        assertThat(restored(wallet)).usingRecursiveComparison().isEqualTo(wallet);
    }

    @Test
    void a_wallet_does_not_grow_with_what_is_over() {
        assertThat(size(afterTurns(20_000))).isCloseTo(size(afterTurns(2_000)), withPercentage(1));
    }

    @Test
    void a_wallet_does_not_grow_while_one_payment_stays_open() {
        Wallet wallet = afterTurns(2_000);
        wallet.on(taken(id(-1), START));
        long before = size(wallet);

        turns(wallet, 2_000, 10_000);

        assertThat(size(wallet)).isCloseTo(before, withPercentage(1));
    }

    /** Each turn charges the wallet, and ends one payment in each way that a payment can end. */
    private static Wallet afterTurns(int turns) {
        Wallet wallet = new Wallet();
        turns(wallet, 0, turns);
        return wallet;
    }

    private static void turns(Wallet wallet, int from, int to) {
        for (int turn = from; turn < to; turn++) {
            Instant at = START.plusSeconds(turn);
            wallet.on(new WalletCharged(WALLET, new ChargeId("charge-%08d".formatted(turn)), won(1), BALANCE));
            wallet.on(taken(id(5 * turn), at));
            wallet.on(new PaymentsSettled(WALLET, Set.of(id(5 * turn))));
            wallet.on(taken(id(5 * turn + 1), at));
            wallet.on(new PaymentRefunded(WALLET, id(5 * turn + 1), ORDER, won(1), BALANCE, at));
            wallet.on(declined(id(5 * turn + 2), DeclineReason.INSUFFICIENT_BALANCE, at));
            wallet.on(new PaymentVoided(WALLET, id(5 * turn + 3), ORDER, at));
            wallet.on(new PaymentVoided(WALLET, id(5 * turn + 4), ORDER, at));
            wallet.on(declined(id(5 * turn + 4), DeclineReason.VOIDED, at));
        }
    }

    private static PaymentTaken taken(PaymentId payment, Instant at) {
        return new PaymentTaken(WALLET, payment, ORDER, won(1), BALANCE, at);
    }

    private static PaymentDeclined declined(PaymentId payment, DeclineReason reason, Instant at) {
        return new PaymentDeclined(WALLET, payment, ORDER, won(1), reason, at);
    }

    private static PaymentId id(int number) {
        return new PaymentId("payment-%08d".formatted(number));
    }

    private static Money won(long amount) {
        return Money.of(amount, "KRW");
    }

    private Wallet restored(Wallet wallet) {
        SerializedObject<String> snapshot = serializer.serialize(wallet, String.class);
        return serializer.deserialize(snapshot);
    }

    private long size(Wallet wallet) {
        return serializer.serialize(wallet, String.class).getData().length();
    }
}
