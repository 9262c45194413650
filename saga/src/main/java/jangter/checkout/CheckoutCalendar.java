package jangter.checkout;

import static com.mongodb.client.model.Updates.addEachToSet;

import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.platform.http.Cursor;
import jangter.platform.mongo.Changes;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * Which orders were paid when: lists that are read from new to old by ids alone, so that their first page costs the same in a large store
 * as in a small one, on the embedded Mongo too.
 *
 * <p>A list is a tree over the instant as it is written. Under the list's name stand the days on which there is something, under each day
 * its minutes, under each minute its seconds, and there the orders. Entries are only ever added: whether one still counts, the order's
 * own document tells.
 */
@Component
class CheckoutCalendar {

    private static final String PARTS = "parts";
    private static final String ORDERS = "orders";
    private static final int AT_ONCE = 25;

    private final View calendar;

    CheckoutCalendar(Databases databases) {
        this.calendar = databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, "calendar");
    }

    /**
     * A list.
     *
     * @param marks how many characters of an instant make a node of the tree, level by level
     */
    private record Listing(String name, List<Integer> marks) {

        private static final int DAY = 10;
        private static final int MINUTE = 16;
        private static final int SECOND = 19;
        static final Listing ALL = new Listing("all", List.of(DAY, MINUTE, SECOND));
        static final Listing FAILED = new Listing("failed", List.of(DAY, MINUTE, SECOND));

        /** A customer pays seldom. */
        static Listing of(CustomerId customer) {
            return new Listing("customer/" + customer, List.of(MINUTE));
        }

        String node(Instant at, int level) {
            return level == 0 ? name : name + "/" + at.toString().substring(0, marks.get(level - 1));
        }

        int leaves() {
            return marks.size();
        }
    }

    // --- from event handlers

    void requested(OrderId order, CustomerId customer, Instant at) {
        note(Listing.ALL, order, at);
        note(Listing.of(customer), order, at);
    }

    void failed(OrderId order, Instant at) {
        note(Listing.FAILED, order, at);
    }

    private void note(Listing listing, OrderId order, Instant at) {
        for (int level = 0; level < listing.leaves(); level++) {
            inBatch(listing.node(at, level)).parts.add(listing.node(at, level + 1));
        }
        inBatch(listing.node(at, listing.leaves())).orders.put(order.value(), at);
    }

    /** What a batch of events adds to a node is written at once, and not at all if it is known already. */
    private Additions inBatch(String node) {
        Map<String, Additions> batch = CurrentUnitOfWork.get().root().getOrComputeResource(CheckoutCalendar.class.getName(), key -> new HashMap<>());
        return batch.computeIfAbsent(node, first -> {
            Additions additions = new Additions(new LinkedHashSet<>(), new HashMap<>());
            calendar.add(node, additions::to);
            return additions;
        });
    }

    private record Additions(Set<String> parts, Map<String, Instant> orders) {

        List<Bson> to(@Nullable Document stored) {
            List<String> known = stored == null ? List.of() : stored.getList(PARTS, String.class, List.of());
            List<String> added = parts.stream().filter(part -> !known.contains(part)).toList();
            if (!added.isEmpty()) {
                // no node has both
                return List.of(addEachToSet(PARTS, added));
            }
            return orders.isEmpty() ? List.of() : List.of(Changes.set(orders.entrySet().stream()
                    .collect(Collectors.toMap(order -> ORDERS + "." + order.getKey(), Map.Entry::getValue))));
        }
    }

    // --- for the lists

    /** Orders by when their payment was requested, newest first; one that was paid twice comes twice. */
    Flux<Cursor> requested(@Nullable Cursor after) {
        return newestFirst(Listing.ALL, after);
    }

    /** Likewise, one customer's. */
    Flux<Cursor> requestedBy(CustomerId customer, @Nullable Cursor after) {
        return newestFirst(Listing.of(customer), after);
    }

    /** Orders by when their payment failed, newest first. */
    Flux<Cursor> failed(@Nullable Cursor after) {
        return newestFirst(Listing.FAILED, after);
    }

    private Flux<Cursor> newestFirst(Listing listing, @Nullable Cursor after) {
        return below(listing, 0, List.of(listing.name()), after);
    }

    private Flux<Cursor> below(Listing listing, int level, Collection<String> nodes, @Nullable Cursor after) {
        return Flux.fromIterable(nodes).buffer(AT_ONCE).concatMap(some -> calendar.findAll(some).collectList()
                .flatMapMany(found -> level == listing.leaves() ? entries(found, after) : below(listing, level + 1, parts(listing, level + 1, found, after), after)), 1);
    }

    private static List<String> parts(Listing listing, int level, List<Document> nodes, @Nullable Cursor after) {
        return nodes.stream().flatMap(node -> node.getList(PARTS, String.class).stream())
                .filter(part -> after == null || part.compareTo(listing.node(after.at(), level)) <= 0).sorted(Comparator.reverseOrder()).toList();
    }

    private static Flux<Cursor> entries(List<Document> leaves, @Nullable Cursor after) {
        return Flux.fromStream(leaves.stream().flatMap(leaf -> leaf.get(ORDERS, Document.class).entrySet().stream())
                .map(order -> new Cursor(((Date) order.getValue()).toInstant(), order.getKey()))
                .filter(entry -> after == null || entry.isAfter(after)).sorted());
    }
}
