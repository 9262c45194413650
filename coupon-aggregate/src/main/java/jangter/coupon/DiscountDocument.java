package jangter.coupon;

import jangter.coupon.api.Discount;
import jangter.kernel.Money;
import jangter.platform.mongo.Documents;
import org.bson.Document;

/** How a discount looks in a document: {@code {percent, cap}} or {@code {amount}}. */
final class DiscountDocument {

    private DiscountDocument() {
    }

    static Document of(Discount discount) {
        if (discount instanceof Discount.Percent percent) {
            return new Document("percent", percent.percent()).append("cap", percent.cap());
        }
        return new Document("amount", discount.limit());
    }

    static Discount read(Document document) {
        Money amount = Documents.money(document, "amount");
        return amount == null ? new Discount.Percent(document.getInteger("percent"), Documents.money(document, "cap"))
                : new Discount.Fixed(amount);
    }
}
