package jangter.checkout;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.mongodb.client.model.Updates;
import jangter.checkout.Checkout.State;
import jangter.kernel.PaymentId;
import jangter.platform.mongo.Changes;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Edition;
import jangter.platform.mongo.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * When which checkouts began and ended of late, for the overview.
 *
 * <p>What happened within the same {@link #SLOT} stands in one document; there are {@value #SLOTS}, and each is used again when its time
 * comes round, so they stay few however long the shop is open. What is left of another round says nothing, and goes when this process
 * first writes to the slot.
 */
@Component
class Activity {

    /** Short: whoever adds to a document writes all of it. */
    static final Duration SLOT = Duration.ofSeconds(2);

    static final int SLOTS = 900;
    private static final String REQUESTED = "requested";

    private final View slots;
    /** What was swept here, by edition and slot. */
    private final Cache<String, Boolean> swept = Caffeine.newBuilder().maximumSize(SLOTS).build();

    Activity(Databases databases) {
        slots = databases.of(CheckoutService.NAME).view(CheckoutViews.GROUP, "activity");
    }

    /** Something that happened to a checkout: that it was requested, completed or failed. */
    private record Happening(PaymentId payment, String what, Instant at) {
    }

    /** What one batch says of a slot. */
    private record InBatch(boolean sweeps, List<Happening> happenings) {
    }

    /**
     * What happened from some moment on.
     *
     * @param requested when each checkout was requested
     * @param completed when each checkout was completed
     * @param failed when each checkout failed
     */
    record Recent(Map<String, Instant> requested, Map<String, Instant> completed, Map<String, Instant> failed) {
    }

    // --- from event handlers

    void requested(PaymentId payment, Instant at) {
        note(new Happening(payment, REQUESTED, at));
    }

    void ended(PaymentId payment, State how, Instant at) {
        note(new Happening(payment, how.name(), at));
    }

    /** All that one batch says of a slot is one update of it; the last counts. */
    private void note(Happening happening) {
        long slot = slot(happening.at);
        Map<Long, InBatch> batch = CurrentUnitOfWork.get().root().getOrComputeResource(Activity.class.getName(), key -> new HashMap<>());
        InBatch all = batch.computeIfAbsent(slot, first -> new InBatch(isFirstHere(slot), new ArrayList<>()));
        all.happenings.add(happening);
        int soFar = all.happenings.size();
        if (all.sweeps) {
            slots.add(id(slot), stored -> Stream.concat(leftovers(stored, slot), Stream.of(update(slot, all.happenings.subList(0, soFar)))).toList());
        } else {
            slots.gather(id(slot), () -> List.of(update(slot, all.happenings.subList(0, soFar))));
        }
    }

    private boolean isFirstHere(long slot) {
        return swept.asMap().putIfAbsent(Edition.inHand().map(Edition::name).orElse("") + "/" + slot, true) == null;
    }

    private static Stream<Bson> leftovers(@Nullable Document stored, long slot) {
        return stored == null ? Stream.of()
                : stored.keySet().stream().filter(key -> !key.equals("_id") && Long.parseLong(key) < slot).map(Updates::unset);
    }

    private static Bson update(long slot, List<Happening> happenings) {
        Map<String, Instant> fields = new LinkedHashMap<>();
        happenings.forEach(happening -> fields.put(slot + "." + happening.what + "." + happening.payment, happening.at));
        return Changes.set(fields);
    }

    // --- for the overview

    /** What happened from then on until now, if that is not more than the slots hold. */
    Mono<Recent> since(Instant from, Instant now) {
        List<Long> wanted = LongStream.rangeClosed(slot(from), slot(now)).boxed().toList();
        return slots.findAll(wanted.stream().map(Activity::id).toList()).collectList().map(found -> recent(found, wanted));
    }

    private static Recent recent(List<Document> found, List<Long> wanted) {
        Recent recent = new Recent(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (Document slot : found) {
            wanted.stream().map(number -> slot.get(number.toString(), Document.class)).filter(round -> round != null).forEach(round -> {
                collect(round, REQUESTED, recent.requested);
                collect(round, State.COMPLETED.name(), recent.completed);
                collect(round, State.FAILED.name(), recent.failed);
            });
        }
        return recent;
    }

    private static void collect(Document round, String what, Map<String, Instant> into) {
        round.get(what, new Document()).forEach((payment, at) -> into.put(payment, ((Date) at).toInstant()));
    }

    static long slot(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SLOT.toSeconds());
    }

    static String id(long slot) {
        return "slot-" + Math.floorMod(slot, SLOTS);
    }
}
