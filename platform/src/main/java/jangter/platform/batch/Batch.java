package jangter.platform.batch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import reactor.core.publisher.Mono;

/**
 * What the event handlers of one batch want done: collected while the batch is handled, done together when it is, and before the
 * tracking token moves. A crash in between makes the batch come again, so everything in it must bear being done twice.
 */
public final class Batch {

    private final Map<Object, Part> parts = new LinkedHashMap<>();

    /** One sort of work in the batch, such as the writes to one collection. */
    public interface Part {

        /** Does the work; called once. */
        Mono<Void> finish();
    }

    private Batch() {
    }

    /** The batch of the unit of work that the calling event handler runs in. */
    public static Batch current() {
        return of(CurrentUnitOfWork.get());
    }

    static Batch of(UnitOfWork<?> unitOfWork) {
        return unitOfWork.root().getOrComputeResource(Batch.class.getName(), key -> new Batch());
    }

    /** The batch's part under that key, made if it is not there yet. */
    public <P extends Part> P part(Object key, Class<P> type, Supplier<P> make) {
        return type.cast(parts.computeIfAbsent(key, k -> make.get()));
    }

    /** Does the work of all parts side by side. */
    Mono<Void> finish() {
        return Mono.when(parts.values().stream().map(Part::finish).toList());
    }
}
