package jangter.platform.messaging;

import jangter.platform.mongo.Edition;
import java.util.Optional;
import java.util.function.Function;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** Tells views and dead letters for which edition a batch of events is handled: the one whose token its segment holds. */
final class InEdition implements MessageHandlerInterceptor<EventMessage<?>> {

    private final String segmentKey;
    private final Function<Integer, Optional<Edition>> bySegment;

    /** @param bySegment the edition that a segment of that processor was claimed of */
    InEdition(String processor, Function<Integer, Optional<Edition>> bySegment) {
        this.segmentKey = "Processor[" + processor + "]/SegmentId";
        this.bySegment = bySegment;
    }

    @Override
    public @Nullable Object handle(UnitOfWork<? extends EventMessage<?>> unitOfWork, InterceptorChain chain) throws Exception {
        Integer segment = unitOfWork.root().getResource(segmentKey);
        if (segment != null) {
            bySegment.apply(segment).ifPresent(edition -> edition.takeInHand(unitOfWork));
        }
        return chain.proceed();
    }
}
