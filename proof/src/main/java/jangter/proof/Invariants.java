package jangter.proof;

import jangter.checkout.api.CheckoutEvent;
import jangter.coupon.api.CouponEvent;
import jangter.inventory.api.InventoryEvent;
import jangter.order.api.OrderEvent;
import jangter.payment.api.PaymentEvent;

/**
 * Whether the shop is in order, judged by its events alone: no view, no snapshot and no saga is asked, and every balance and stock is
 * added up again. Give it all events of the store, in the store's order; it keeps what lives (wallets, products, campaigns, coupons, orders
 * that are not yet completed or cancelled) and not the events. An event that is none of the shop's is counted and otherwise passed over.
 *
 * <p>It relies on the store's order where one event is the cause of another: an order is completed after its payment was taken.
 *
 * <p>For one thread.
 */
public final class Invariants {

    private final Findings findings = new Findings();
    private final WalletSums wallets = new WalletSums(findings);
    private final StockSums stocks = new StockSums(findings);
    private final CouponCounts coupons = new CouponCounts(findings);
    private final OpenOrders orders = new OpenOrders(findings);

    public void on(Object event) {
        if (event instanceof PaymentEvent payment) {
            wallets.on(payment);
            orders.on(payment);
        } else if (event instanceof InventoryEvent stock) {
            stocks.on(stock);
            orders.on(stock);
        } else if (event instanceof CouponEvent coupon) {
            coupons.on(coupon);
            orders.on(coupon);
        } else if (event instanceof OrderEvent order) {
            orders.on(order);
        } else if (event instanceof CheckoutEvent checkout) {
            orders.on(checkout);
        }
        findings.nextEvent();
    }

    /** How many violations there are so far. */
    public long found() {
        return findings.found();
    }

    /**
     * What the events so far say.
     *
     * @param atRest whether nothing is on its way any more, so that what is half done is a violation
     */
    public Report report(boolean atRest) {
        Findings all = findings.copy();
        if (atRest) {
            orders.atRest(all);
            coupons.atRest(all);
        }
        return new Report(all.events(), orders.placed(), orders.requested(), orders.completed(), orders.failed(), orders.parked(),
                orders.unfinished(), all.found(), all.violations());
    }
}
