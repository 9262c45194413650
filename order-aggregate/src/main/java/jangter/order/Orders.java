package jangter.order;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.order.api.CancelReason;
import jangter.order.api.FailureReason;
import jangter.order.api.OrderQuery.FindStanding;
import jangter.order.api.OrderQuery.Standing;
import jangter.order.api.OrderRefusal;
import jangter.order.api.OrderStatus;
import jangter.platform.http.Cursor;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.axonframework.queryhandling.QueryHandler;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads what {@link OrderViews} writes. */
@Component
class Orders {

    static final String ORDERS = "orders";
    static final String CUSTOMERS = "customers";

    private static final int DAYS_AT_ONCE = 10;

    private final View orders;
    private final View customers;
    private final OrderCatalogue catalogue;

    Orders(Databases databases, OrderCatalogue catalogue) {
        this.orders = databases.of(OrderService.NAME).view(OrderViews.GROUP, ORDERS);
        this.customers = databases.of(OrderService.NAME).view(OrderViews.GROUP, CUSTOMERS);
        this.catalogue = catalogue;
        orders.index(Indexes.ascending("status", "payBy"));
    }

    /** The day of a customer's list that an order placed then stands on. */
    static String day(Instant placedAt) {
        return placedAt.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    /** Where the orders are listed that a customer placed on a day. No customer's id holds a slash. */
    static String customerAndDay(CustomerId customer, String day) {
        return View.under(customer, day);
    }

    /** That customer's order; one that does not exist, or is another's, is refused as unknown. */
    Mono<OrderDetails> own(CustomerId customer, OrderId id) {
        return mine(customer, id).flatMap(this::withNames);
    }

    /** How that customer's order stands; one that does not exist, or is another's, is refused as unknown. */
    Mono<Standing> ownStanding(CustomerId customer, OrderId id) {
        return mine(customer, id).map(Orders::standing);
    }

    @QueryHandler
    CompletableFuture<Standing> standing(FindStanding query) {
        return orders.find(query.orderId()).map(Orders::standing).toFuture();
    }

    /** That customer's orders, newest first. */
    Mono<Page<OrderSummary>> page(CustomerId customer, PageRequest request) {
        Cursor from = request.cursor() == null ? null : Cursor.parse(request.cursor());
        return customers.find(customer)
                .flatMapIterable(index -> index.getList("days", String.class).stream()
                        .filter(day -> from == null || day.compareTo(day(from.at())) <= 0).sorted(Comparator.reverseOrder()).toList())
                .buffer(DAYS_AT_ONCE)
                .concatMap(days -> listed(customer, days).filter(order -> from == null || order.isAfter(from)).sort(), 1)
                // one more than the page holds tells whether another follows
                .take(request.size() + 1L)
                .collectList()
                .flatMap(listed -> summaries(Page.of(listed, request, order -> order)));
    }

    /** Orders whose time to pay is over at that moment, longest over first: at most so many, after that one. */
    Flux<Unpaid> unpaidAt(Instant now, Unpaid after, int most) {
        Bson rest = or(gt("payBy", after.payBy()), gt("_id", after.id()));
        return orders.find(and(eq("status", OrderStatus.PENDING), gte("payBy", after.payBy()), lte("payBy", now), rest), Sorts.ascending("payBy", "_id"), most)
                .map(document -> new Unpaid(Documents.instant(document, "payBy"), document.getString("_id")));
    }

    /** An order that is not paid, and until when it can be. */
    record Unpaid(Instant payBy, String id) {

        static final Unpaid FIRST = new Unpaid(Instant.EPOCH, "");

        OrderId orderId() {
            return new OrderId(id);
        }
    }

    private Mono<Document> mine(CustomerId customer, OrderId id) {
        return orders.findSoon(id).filter(order -> order.getString("customer").equals(customer.value()))
                .switchIfEmpty(Mono.error(() -> OrderRefusal.UNKNOWN_ORDER.because("There is no such order.")));
    }

    private Flux<Cursor> listed(CustomerId customer, Collection<String> days) {
        return customers.findAll(days.stream().map(day -> customerAndDay(customer, day)).toList())
                .flatMapIterable(day -> day.get("orders", Document.class).entrySet())
                .map(entry -> new Cursor(((Date) entry.getValue()).toInstant(), entry.getKey()));
    }

    private Mono<Page<OrderSummary>> summaries(Page<Cursor> listed) {
        return orders.findAll(listed.items().stream().map(Cursor::id).toList())
                .collectMap(order -> order.getString("_id"))
                // an order and its place in the list are not written at the same moment
                .map(byId -> listed.items().stream().map(Cursor::id).filter(byId::containsKey).map(id -> summary(byId.get(id))).toList())
                .map(items -> new Page<>(items, listed.next()));
    }

    private Mono<OrderDetails> withNames(Document order) {
        List<Document> lines = order.getList("lines", Document.class);
        return catalogue.find(lines.stream().map(Orders::product).toList())
                .map(entries -> details(order, lines.stream().map(line -> line(line, entries)).toList()));
    }

    private static OrderDetails.PricedLine line(Document line, Map<ProductId, OrderCatalogue.Entry> entries) {
        OrderCatalogue.Entry entry = entries.get(product(line));
        return new OrderDetails.PricedLine(product(line), entry == null ? null : entry.name(),
                new Quantity(line.getInteger("quantity")), Documents.money(line, "unitPrice"));
    }

    private static ProductId product(Document line) {
        return new ProductId(line.getString("product"));
    }

    private static OrderDetails details(Document order, List<OrderDetails.PricedLine> lines) {
        String coupon = order.getString("coupon");
        Standing standing = standing(order);
        return new OrderDetails(standing.orderId(), standing.status(), lines, coupon == null ? null : new CouponId(coupon),
                Documents.money(order, "discount"), Documents.money(order, "total"), Documents.instant(order, "placedAt"),
                Documents.instant(order, "payBy"), standing.payment(), standing.failure(), standing.cancelled());
    }

    private static OrderSummary summary(Document order) {
        Standing standing = standing(order);
        return new OrderSummary(standing.orderId(), standing.status(), Documents.money(order, "total"),
                Documents.instant(order, "placedAt"), Documents.instant(order, "payBy"), standing.failure(), standing.cancelled());
    }

    private static Standing standing(Document order) {
        String payment = order.getString("payment");
        return new Standing(new OrderId(order.getString("_id")), Documents.constant(order, "status", OrderStatus.class),
                payment == null ? null : new PaymentId(payment), Documents.constant(order, "failure", FailureReason.class),
                Documents.constant(order, "cancelled", CancelReason.class), order.getLong("version"));
    }
}
