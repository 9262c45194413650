package jangter.checkout;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.regex;

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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads what {@link CheckoutViews} writes. */
@Component
class Checkouts {

    private static final List<State> OPEN = Stream.of(State.values()).filter(state -> !state.hasEnded()).toList();
    private static final int AT_ONCE = 100;
    /** So many are looked at for one page; where few are wanted, it ends before it is full, and is gone on with. */
    private static final int MOST_LOOKED_AT = 2_000;

    private final View checkouts;
    private final CheckoutDocuments documents;
    private final CheckoutCalendar calendar;

    Checkouts(Databases databases, CheckoutDocuments documents, CheckoutCalendar calendar) {
        this.checkouts = databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, CheckoutDocuments.CHECKOUTS);
        this.documents = documents;
        this.calendar = calendar;
        // with the moment, those that ended last lie side by side, and no other part of a large index is touched
        checkouts.index(Indexes.ascending(CheckoutDocuments.STATE, CheckoutDocuments.SINCE));
    }

    /** An order's attempts to pay; an order of which none is known is refused as unknown. */
    Mono<CheckoutDetails> find(OrderId order) {
        return document(order).map(found -> CheckoutDetails.of(order, documents.read(found)));
    }

    /** An order's latest attempt to pay; an order of which none is known is refused as unknown. */
    Mono<CheckoutAttempt> latest(OrderId order) {
        return document(order).map(this::latest);
    }

    /** The orders' latest attempts to pay, those that began last first, failed ones those that failed last: those that are wanted. */
    Mono<Page<CheckoutSummary>> page(CheckoutSearch search, PageRequest request) {
        Cursor from = request.cursor() == null ? null : Cursor.parse(request.cursor());
        return Mono.defer(() -> {
            Reading reading = new Reading(request);
            return entries(search, from).take(MOST_LOOKED_AT).buffer(AT_ONCE)
                    .concatMap(some -> lines(some, search).doOnNext(lines -> reading.add(some, lines)), 1)
                    .takeUntil(added -> reading.isFull()).then(Mono.fromSupplier(reading::page));
        });
    }

    /** Where to look, in the list's order: the shortest list that holds all that are wanted. */
    private Flux<Cursor> entries(CheckoutSearch search, @Nullable Cursor after) {
        if (search.isForFewOrders()) {
            return beginningWith(search.order()).filter(entry -> after == null || entry.isAfter(after)).sort();
        }
        if (search.customer() != null) {
            return calendar.requestedBy(search.customer(), after);
        }
        if (search.state() == State.FAILED) {
            return calendar.failed(after);
        }
        return search.state() == null || search.state().hasEnded() ? calendar.requested(after) : open(after);
    }

    /** Those that have not ended. One that was last written by an older version, which did not say since when it is under way, comes last. */
    private Flux<Cursor> open(@Nullable Cursor after) {
        Bson rest = after == null ? empty() : or(lt(CheckoutDocuments.SINCE, after.at()), and(eq(CheckoutDocuments.SINCE, after.at()), lt("_id", after.id())));
        return checkouts.find(and(in(CheckoutDocuments.STATE, OPEN), rest), Sorts.descending(CheckoutDocuments.SINCE, "_id"), MOST_LOOKED_AT)
                .map(found -> new Cursor(latest(found).startedAt(), found.getString("_id")));
    }

    /** Mostly it is the whole id. A beginning the embedded Mongo, too, looks for in its index, if nothing else is asked. */
    private Flux<Cursor> beginningWith(String order) {
        return checkouts.find(order).flux()
                .switchIfEmpty(Flux.defer(() -> checkouts.find(regex("_id", "^" + order), Sorts.ascending("_id"), MOST_LOOKED_AT)))
                .map(found -> new Cursor(latest(found).startedAt(), found.getString("_id")));
    }

    /** Those of the orders at these places that are wanted, and whose latest attempt it is that stands there. */
    private Mono<List<Line>> lines(List<Cursor> places, CheckoutSearch search) {
        return checkouts.findAll(places.stream().map(Cursor::id).filter(search::wants).toList())
                .collectMap(found -> found.getString("_id"), found -> CheckoutSummary.of(new OrderId(found.getString("_id")), latest(found)))
                .map(found -> places.stream().filter(place -> found.containsKey(place.id())).map(place -> new Line(place, found.get(place.id())))
                        .filter(line -> line.isLatest() && search.wants(line.checkout())).toList());
    }

    private record Line(Cursor place, CheckoutSummary checkout) {

        boolean isLatest() {
            return place.at().equals(checkout.startedAt()) || place.at().equals(checkout.endedAt());
        }
    }

    /** What was found for a page so far. */
    private static final class Reading {

        private final PageRequest request;
        private final List<Line> found = new ArrayList<>();
        private int looked;
        private @Nullable Cursor last;

        Reading(PageRequest request) {
            this.request = request;
        }

        void add(List<Cursor> places, List<Line> lines) {
            found.addAll(lines);
            looked += places.size();
            last = places.get(places.size() - 1);
        }

        /** One more than the page holds tells whether another follows. */
        boolean isFull() {
            return found.size() > request.size();
        }

        Page<CheckoutSummary> page() {
            if (!isFull() && looked == MOST_LOOKED_AT) {
                return new Page<>(found.stream().map(Line::checkout).toList(), String.valueOf(last));
            }
            return Page.of(found.subList(0, Math.min(found.size(), request.size() + 1)), request, Line::place).map(Line::checkout);
        }
    }

    /** How those stand that have not ended; of at most so many, in no particular order. */
    Flux<State> open(int most) {
        return checkouts.findPart(in(CheckoutDocuments.STATE, OPEN), most, CheckoutDocuments.STATE).map(order -> Documents.constant(order, CheckoutDocuments.STATE, State.class));
    }

    private Mono<Document> document(OrderId order) {
        return checkouts.findSoon(order)
                .switchIfEmpty(Mono.error(() -> CheckoutRefusal.UNKNOWN_CHECKOUT.because("No payment of that order was ever requested.")));
    }

    private CheckoutAttempt latest(Document order) {
        return documents.read(order, new PaymentId(order.getString("payment")));
    }
}
