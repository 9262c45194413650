package jangter.platform.http;

import com.mongodb.MongoWriteException;
import com.mongodb.ErrorCategory;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers under an idempotency key: the same key and body get the same answer and have one effect, another body under the same key is
 * refused.
 *
 * <p>The body's fingerprint is written down before anything is done and the answer after. If a crash comes between, the repetition is
 * done again under the same derived ids ({@link Attempt#uuid}), and the aggregates see that it is a repetition. Answers are kept for a
 * day. What could not be decided (503) is not kept.
 */
public final class Once {

    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration FORGETTING = Duration.ofMinutes(1);

    private final MongoCollection<Document> answers;
    private final JsonMapper json;
    private final Clock clock;

    public Once(MongoCollection<Document> answers, JsonMapper json, Clock clock) {
        this.answers = answers;
        this.json = json;
        this.clock = clock;
    }

    /** Forgets the answers that were kept long enough. */
    public Mono<Void> forgetOld() {
        return Mono.from(answers.deleteMany(Filters.lt("at", clock.instant().minus(KEPT)))).timeout(FORGETTING).then();
    }

    /**
     * Does the action and answers as it does, unless that was done before.
     *
     * @param body what was asked for, as the handler understood it
     * @param type of the answer's body
     */
    public <T> Mono<ResponseEntity<T>> answer(Attempt attempt, Object body, Class<T> type, Supplier<Mono<ResponseEntity<T>>> action) {
        if (attempt.key() == null) {
            return Mono.defer(action);
        }
        String fingerprint = Digests.hex(json.writeValueAsString(body));
        return begin(attempt, fingerprint)
                .flatMap(known -> known.containsKey("status") ? repeat(known, type) : Mono.<ResponseEntity<T>>empty())
                .switchIfEmpty(Mono.defer(() -> act(attempt, action)));
    }

    /** Whether an attempt under that key was begun before. */
    public Mono<Boolean> knows(Attempt attempt) {
        return attempt.key() == null ? Mono.just(false)
                : Mono.from(answers.find(byId(attempt)).first()).timeout(PATIENCE).hasElement();
    }

    /** Writes the attempt down, or finds it written down already. */
    private Mono<Document> begin(Attempt attempt, String fingerprint) {
        Document begun = new Document("_id", attempt.id()).append("fingerprint", fingerprint).append("at", clock.instant());
        return Mono.from(answers.insertOne(begun)).timeout(PATIENCE).map(inserted -> begun)
                .onErrorResume(MongoWriteException.class, failure -> failure.getError().getCategory() == ErrorCategory.DUPLICATE_KEY
                        ? Mono.from(answers.find(byId(attempt)).first()).timeout(PATIENCE) : Mono.error(failure))
                .flatMap(known -> fingerprint.equals(known.getString("fingerprint")) ? Mono.just(known) : Mono.error(keyReused()));
    }

    private <T> Mono<ResponseEntity<T>> act(Attempt attempt, Supplier<Mono<ResponseEntity<T>>> action) {
        return Mono.defer(action)
                .flatMap(answer -> keep(attempt, Updates.combine(Updates.set("status", answer.getStatusCode().value()),
                        Updates.set("location", answer.getHeaders().getFirst(HttpHeaders.LOCATION)),
                        Updates.set("body", answer.getBody() == null ? null : json.writeValueAsString(answer.getBody())))).thenReturn(answer))
                .onErrorResume(RefusedException.class, refused -> keep(attempt, Updates.combine(Updates.set("status", 0),
                        Updates.set("refusal", json.writeValueAsString(refused.refusal())))).then(Mono.error(refused)));
    }

    private Mono<?> keep(Attempt attempt, Bson answer) {
        return Mono.from(answers.updateOne(byId(attempt), answer)).timeout(PATIENCE);
    }

    private <T> Mono<ResponseEntity<T>> repeat(Document known, Class<T> type) {
        String refusal = known.getString("refusal");
        if (refusal != null) {
            return Mono.error(new RefusedException(json.readValue(refusal, Refusal.class)));
        }
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(known.getInteger("status"));
        if (known.getString("location") != null) {
            answer.location(URI.create(known.getString("location")));
        }
        String body = known.getString("body");
        return Mono.just(body == null ? answer.build() : answer.body(json.readValue(body, type)));
    }

    private static RefusedException keyReused() {
        return new RefusedException(new Refusal("idempotency-key-reused", Refusal.Kind.UNACCEPTABLE,
                "This Idempotency-Key was sent before with another body. Take a new key for a new request."));
    }

    private static Bson byId(Attempt attempt) {
        return Filters.eq("_id", attempt.id());
    }
}
