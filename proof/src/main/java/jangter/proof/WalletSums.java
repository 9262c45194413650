package jangter.proof;

import static jangter.proof.Invariant.BALANCE_IS_NEVER_NEGATIVE;
import static jangter.proof.Invariant.BALANCE_IS_THE_SUM;

import jangter.kernel.Money;
import jangter.kernel.WalletId;
import jangter.payment.api.PaymentEvent;
import jangter.payment.api.PaymentEvent.PaymentRefunded;
import jangter.payment.api.PaymentEvent.PaymentTaken;
import jangter.payment.api.PaymentEvent.WalletCharged;
import java.util.HashMap;
import java.util.Map;

/** What each wallet must hold, added up. */
final class WalletSums {

    private final Findings findings;
    private final Map<WalletId, Money> balances = new HashMap<>();

    WalletSums(Findings findings) {
        this.findings = findings;
    }

    void on(PaymentEvent event) {
        if (event instanceof WalletCharged charged) {
            add(charged.walletId(), charged.amount(), 1, charged.balance());
        } else if (event instanceof PaymentTaken taken) {
            add(taken.walletId(), taken.amount(), -1, taken.balance());
        } else if (event instanceof PaymentRefunded refunded) {
            add(refunded.walletId(), refunded.amount(), 1, refunded.balance());
        }
    }

    /** Goes on from what the event says, so that one wrong sum is reported once and not with every event to come. */
    private void add(WalletId wallet, Money amount, int sign, Money told) {
        Money before = balances.getOrDefault(wallet, Money.zero(told.currency()));
        balances.put(wallet, told);
        if (!before.currency().equals(amount.currency()) || !before.currency().equals(told.currency())) {
            findings.add(BALANCE_IS_THE_SUM, wallet, "It held " + before + ", then " + amount + " was moved, and it is said to hold " + told + ".");
            return;
        }
        long sum = before.amount() + sign * amount.amount();
        if (sum != told.amount()) {
            findings.add(BALANCE_IS_THE_SUM, wallet, "It is said to hold " + told + ", but its charges, payments and refunds come to " + sum + ".");
        }
        if (sum < 0 || told.isNegative()) {
            findings.add(BALANCE_IS_NEVER_NEGATIVE, wallet, "It holds " + Math.min(sum, told.amount()) + " " + told.currency() + ".");
        }
    }
}
