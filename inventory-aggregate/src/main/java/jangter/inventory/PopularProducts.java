package jangter.inventory;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import jangter.kernel.ProductId;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.View;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bson.Document;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What sold best over the last days, read from the hours that {@link ProductViews} writes. */
@Component
class PopularProducts {

    static final String SALES = "sales";

    private static final int MOST = 5;
    /** Three days, the hour that is running included. */
    private static final int HOURS = 72;
    /** Everybody sees the same few products: they are counted once in a while, not for each visitor. */
    private static final Duration GOOD_FOR = Duration.ofSeconds(3);
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH").withZone(ZoneOffset.UTC);
    private static final Comparator<Sold> BEST_FIRST =
            Comparator.comparing(Sold::pieces).reversed().thenComparing(sold -> sold.product().value());

    private final View sales;
    private final Products products;
    private final Clock clock;
    private final Mono<List<PopularProduct>> best;

    PopularProducts(Databases databases, Products products, Clock clock) {
        this.sales = databases.of(InventoryService.NAME).view(ProductViews.GROUP, SALES);
        this.products = products;
        this.clock = clock;
        this.best = Mono.defer(this::count).cache(counted -> GOOD_FOR, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** Under which the sales of the hour around that instant are kept: {@code 2026-11-22T09}, in UTC. */
    static String hour(Instant instant) {
        return HOUR.format(instant);
    }

    /** The best first; some seconds old. */
    Mono<List<PopularProduct>> best() {
        return best;
    }

    /** Counted now. */
    Mono<List<PopularProduct>> count() {
        Instant now = clock.instant();
        List<String> hours = IntStream.range(0, HOURS).mapToObj(n -> hour(now.minus(Duration.ofHours(n)))).toList();
        return sales.findAll(hours)
                .mapNotNull(hour -> hour.get("sold", Document.class))
                .flatMapIterable(Document::entrySet)
                .collect(groupingBy(Map.Entry::getKey, summingLong(sold -> ((Document) sold.getValue()).getLong("quantity"))))
                .map(PopularProducts::best)
                .flatMap(this::withNames);
    }

    private static List<Sold> best(Map<String, Long> pieces) {
        return pieces.entrySet().stream().map(sold -> new Sold(new ProductId(sold.getKey()), sold.getValue()))
                .filter(sold -> sold.pieces() > 0).sorted(BEST_FIRST).limit(MOST).toList();
    }

    private Mono<List<PopularProduct>> withNames(List<Sold> sold) {
        return products.findAll(sold.stream().map(Sold::product).toList()).collectMap(ProductDetails::productId)
                // what was sold and what it is called are not written at the same moment
                .map(known -> sold.stream().filter(one -> known.containsKey(one.product()))
                        .map(one -> popular(known.get(one.product()), one.pieces())).toList());
    }

    private static PopularProduct popular(ProductDetails product, long pieces) {
        return new PopularProduct(product.productId(), product.name(), product.price(), pieces);
    }

    private record Sold(ProductId product, long pieces) {
    }
}
