package jangter.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be measured. */
enum ScenarioName {

    /** Orders are paid over HTTP: most completed, a tenth refused at stock and undone. The yardsticks do the same. */
    CHECKOUTS,
    /** The same, asked for over the command bus. */
    CHECKOUTS_BUS,
    /** The same over HTTP, once over many products and once with everyone buying one. */
    HOT_PRODUCT,
    /** Over HTTP: many more customers than coupons, all at once; callers who take one coupon after the other; and those who come too late. */
    COUPONS,
    /** Callers who take one coupon after the other, over the command bus. */
    COUPONS_BUS,
    /** Orders are placed and read over HTTP. */
    ORDERS,
    /** Every view is built anew. */
    REBUILD,
    /** Checkouts over a store that grows. Takes long: only where it is asked for. */
    HISTORY;

    /** @throws CannotMeasureException if there is none of that name */
    static ScenarioName of(String word) {
        return Arrays.stream(values()).filter(name -> name.word().equals(word)).findFirst()
                .orElseThrow(() -> new CannotMeasureException("There is no scenario \"" + word + "\". Choose from " + all() + "."));
    }

    /** What is measured if nothing is asked for. */
    static List<ScenarioName> usual() {
        return Arrays.stream(values()).filter(name -> name != HISTORY).toList();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String all() {
        return Arrays.stream(values()).map(ScenarioName::word).collect(Collectors.joining(", "));
    }
}
