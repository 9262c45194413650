package jangter.checkout;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import jangter.checkout.Checkout.State;
import jangter.checkout.api.CheckoutRefusal;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.platform.http.Cursor;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.util.Collection;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads what {@link CheckoutViews} writes. */
@Component
class Checkouts {

    private final View checkouts;
    private final CheckoutDocuments documents;

    Checkouts(Databases databases, CheckoutDocuments documents) {
        this.checkouts = databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, CheckoutDocuments.CHECKOUTS);
        this.documents = documents;
        checkouts.index(Indexes.descending("startedAt", "_id"));
        checkouts.index(Indexes.descending("state", "startedAt", "_id"));
        checkouts.index(Indexes.descending("customer", "startedAt", "_id"));
    }

    /** An order's attempts to pay; an order of which none is known is refused as unknown. */
    Mono<CheckoutDetails> find(OrderId order) {
        return document(order).map(found -> CheckoutDetails.of(order, documents.read(found)));
    }

    /** An order's latest attempt to pay; an order of which none is known is refused as unknown. */
    Mono<CheckoutAttempt> latest(OrderId order) {
        return document(order).map(this::latest);
    }

    /** The orders' latest attempts to pay, newest first: those that are wanted. */
    Mono<Page<CheckoutSummary>> page(CheckoutSearch search, PageRequest request) {
        Bson wanted = search.filter();
        Bson from = request.cursor() == null ? empty() : after(Cursor.parse(request.cursor()));
        // one more than the page holds tells whether another follows
        return checkouts.find(and(wanted, from), Sorts.descending("startedAt", "_id"), request.size() + 1)
                .map(found -> CheckoutSummary.of(new OrderId(found.getString("_id")), latest(found))).collectList()
                .map(found -> Page.of(found, request, checkout -> new Cursor(checkout.startedAt(), checkout.orderId().value())));
    }

    /** How those orders' latest attempts stand, as far as they are known; as many as are asked for, in no particular order. */
    Flux<State> states(Collection<OrderId> orders) {
        return checkouts.findAll(orders).map(order -> Documents.constant(order, "state", State.class));
    }

    private Mono<Document> document(OrderId order) {
        return checkouts.findSoon(order)
                .switchIfEmpty(Mono.error(() -> CheckoutRefusal.UNKNOWN_CHECKOUT.because("No payment of that order was ever requested.")));
    }

    private CheckoutAttempt latest(Document order) {
        return documents.read(order, new PaymentId(order.getString("payment")));
    }

    private static Bson after(Cursor place) {
        return or(lt("startedAt", place.at()), and(List.of(eq("startedAt", place.at()), lt("_id", place.id()))));
    }
}
