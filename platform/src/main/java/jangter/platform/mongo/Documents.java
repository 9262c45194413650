package jangter.platform.mongo;

import jangter.coupon.api.Discount;
import jangter.kernel.Money;
import java.time.Instant;
import java.util.Date;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** Reads back out of a document what {@link View} put into it. */
public final class Documents {

    private Documents() {
    }

    /** The money in that field, or null if there is none. */
    public static @Nullable Money money(Document document, String field) {
        Document money = document.get(field, Document.class);
        return money == null ? null : Money.of(money.getLong("amount"), money.getString("currency"));
    }

    /** The discount in that field, or null if there is none. */
    public static @Nullable Discount discount(Document document, String field) {
        Document discount = document.get(field, Document.class);
        if (discount == null) {
            return null;
        }
        Money amount = money(discount, "amount");
        return amount == null ? new Discount.Percent(discount.getInteger("percent"), money(discount, "cap")) : new Discount.Fixed(amount);
    }

    /** The instant in that field, to the millisecond, or null if there is none. */
    public static @Nullable Instant instant(Document document, String field) {
        Date date = document.getDate(field);
        return date == null ? null : date.toInstant();
    }

    /** The constant in that field, or null if there is none. */
    public static <E extends Enum<E>> @Nullable E constant(Document document, String field, Class<E> type) {
        String name = document.getString(field);
        return name == null ? null : Enum.valueOf(type, name);
    }
}
