package jangter.platform.messaging;

import java.util.Optional;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * On whose behalf something is done. Every command carries it as meta-data, and so does every event that comes of it, and what follows
 * from that: the commands of the checkout, its timers, their events.
 *
 * <p>The keys of the meta-data, all of them text:
 *
 * <ul>
 * <li>{@value #ASKED_BY}: the customer or member of staff; where nobody asked, the service, such as {@code jangter-payment}.
 * <li>{@value #TRACE_ID}: 32 hexadecimal digits, the same through all services; the request's {@code traceparent} may have brought it.
 * <li>{@value #IDEMPOTENCY_KEY}: only where the request had such a key. Not the key itself, which is free text and may name a person,
 *     but the digest under which the request's answer is kept.
 * <li>{@value #CAUSE}: the identifier of the message that led to this one; a command from the edge has none.
 * <li>{@value #SENT_AT}: of a command and of the events that it made: when it was sent, by the clock of who sent it.
 * </ul>
 *
 * @param by who asked
 * @param traceId 32 hexadecimal digits
 * @param idempotencyKey the digest, if there was a key
 */
public record Asked(String by, String traceId, @Nullable String idempotencyKey) {

    public static final String ASKED_BY = "askedBy";
    public static final String TRACE_ID = "traceId";
    public static final String IDEMPOTENCY_KEY = "idempotencyKey";
    public static final String CAUSE = "correlationId";
    public static final String SENT_AT = "sentAt";

    /** What was asked for by the request that the context belongs to. */
    public static Optional<Asked> in(ContextView context) {
        return context.getOrEmpty(Asked.class);
    }

    /** The context of what is done for this. */
    public Context context() {
        return Context.of(Asked.class, this);
    }

    public MetaData metaData() {
        MetaData metaData = MetaData.with(ASKED_BY, by).and(TRACE_ID, traceId);
        return idempotencyKey == null ? metaData : metaData.and(IDEMPOTENCY_KEY, idempotencyKey);
    }
}
