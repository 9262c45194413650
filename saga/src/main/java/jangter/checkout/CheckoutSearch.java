package jangter.checkout;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;

import jangter.checkout.Checkout.State;
import jangter.kernel.CustomerId;
import jangter.kernel.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Which checkouts are looked for; all that is told must hold.
 *
 * @param order how the order's id begins
 */
record CheckoutSearch(@Nullable State state, @Nullable CustomerId customer, @Nullable String order) {

    private static final Pattern BEGINNING = Pattern.compile("[0-9A-Za-z-]{1,70}");

    CheckoutSearch {
        if (order != null) {
            Require.matches("order", order, BEGINNING);
        }
    }

    Bson filter() {
        List<Bson> all = new ArrayList<>();
        if (state != null) {
            all.add(eq("state", state));
        }
        if (customer != null) {
            all.add(eq("customer", customer));
        }
        if (order != null) {
            all.add(and(gte("_id", order), lt("_id", order + Character.MAX_VALUE)));
        }
        return all.isEmpty() ? empty() : and(all);
    }
}
