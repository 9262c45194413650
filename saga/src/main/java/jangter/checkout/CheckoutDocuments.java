package jangter.checkout;

import jangter.checkout.Checkout.State;
import jangter.checkout.CheckoutAttempt.Entry;
import jangter.checkout.CheckoutAttempt.Intervention;
import jangter.checkout.api.Reason;
import jangter.checkout.api.Step;
import jangter.kernel.CustomerId;
import jangter.kernel.PaymentId;
import jangter.kernel.ProductId;
import jangter.order.api.FailureReason;
import jangter.platform.mongo.Documents;
import java.util.Date;
import java.util.List;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How an attempt to pay looks in an order's document in the view {@value #CHECKOUTS}, where each stands under its payment's id. */
@Component
class CheckoutDocuments {

    static final String CHECKOUTS = "checkouts";
    /** How the latest attempt stands. */
    static final String STATE = "state";
    /** When the latest attempt began. */
    static final String SINCE = "since";

    private static final String ATTEMPTS = "attempts";

    private final Serializer json;

    CheckoutDocuments(Serializer json) {
        this.json = json;
    }

    /** The field of an order's document in which that attempt stands. */
    static String field(PaymentId payment) {
        return ATTEMPTS + "." + payment;
    }

    Document write(CheckoutAttempt attempt) {
        return new Document("customer", text(attempt.customer())).append("total", attempt.total()).append("state", attempt.state().name()).append("round", attempt.round()).append("startedAt", attempt.startedAt())
                .append("changedAt", attempt.changedAt()).append("endedAt", attempt.endedAt()).append("reason", name(attempt.reason()))
                .append("timeline", attempt.timeline().stream().map(CheckoutDocuments::write).toList())
                .append("interventions", attempt.interventions().stream().map(CheckoutDocuments::write).toList())
                .append("going", attempt.going() == null ? null : json.serialize(attempt.going(), String.class).getData());
    }

    @Nullable CheckoutAttempt read(Document order, PaymentId payment) {
        Document attempt = order.get(ATTEMPTS, Document.class).get(payment.value(), Document.class);
        return attempt == null ? null : read(payment, attempt);
    }

    /** All attempts to pay an order, in their order. */
    List<CheckoutAttempt> read(Document order) {
        return order.get(ATTEMPTS, Document.class).entrySet().stream()
                .map(entry -> read(new PaymentId(entry.getKey()), (Document) entry.getValue())).toList();
    }

    private CheckoutAttempt read(PaymentId payment, Document attempt) {
        return new CheckoutAttempt(payment, customer(attempt), attempt.get("total") == null ? null : Documents.money(attempt, "total"),
                Documents.constant(attempt, "state", State.class), attempt.getInteger("round"),
                Documents.instant(attempt, "startedAt"), Documents.instant(attempt, "changedAt"), Documents.instant(attempt, "endedAt"),
                Documents.constant(attempt, "reason", FailureReason.class),
                attempt.getList("timeline", Document.class).stream().map(CheckoutDocuments::entry).toList(),
                attempt.getList("interventions", Document.class, List.of()).stream().map(CheckoutDocuments::intervention).toList(),
                going(attempt.getString("going")));
    }

    private @Nullable Checkout going(@Nullable String state) {
        return state == null ? null
                : json.deserialize(new SimpleSerializedObject<>(state, String.class, Checkout.class.getName(), null));
    }

    private static Document write(Entry entry) {
        return new Document("step", entry.step().name()).append("product", entry.productId()).append("askedAt", entry.askedAt())
                .append("attempt", entry.attempt()).append("sentAgainAt", entry.sentAgainAt()).append("sentAt", entry.sentAt())
                .append("answeredAt", entry.answeredAt()).append("answer", entry.answer());
    }

    private static Entry entry(Document entry) {
        String product = entry.getString("product");
        return new Entry(Documents.constant(entry, "step", Step.class), product == null ? null : new ProductId(product),
                Documents.instant(entry, "askedAt"), entry.getInteger("attempt"),
                entry.getList("sentAgainAt", Date.class, List.of()).stream().map(Date::toInstant).toList(), Documents.instant(entry, "sentAt"),
                Documents.instant(entry, "answeredAt"), entry.getString("answer"));
    }

    private static Document write(Intervention intervention) {
        return new Document("what", intervention.what().name()).append("by", intervention.by()).append("reason", text(intervention.reason()))
                .append("at", intervention.at()).append("hadEffect", intervention.hadEffect());
    }

    private static Intervention intervention(Document intervention) {
        String reason = intervention.getString("reason");
        return new Intervention(Documents.constant(intervention, "what", Wish.class), new CustomerId(intervention.getString("by")),
                reason == null ? null : new Reason(reason), Documents.instant(intervention, "at"), intervention.getBoolean("hadEffect"));
    }

    private static @Nullable CustomerId customer(Document attempt) {
        String customer = attempt.getString("customer");
        return customer == null ? null : new CustomerId(customer);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable String name(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }
}
