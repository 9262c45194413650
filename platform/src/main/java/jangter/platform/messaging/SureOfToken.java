package jangter.platform.messaging;

import jangter.platform.mongo.Edition;
import jangter.platform.mongo.TokenStores;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure of the token before a batch is handled by what acts at once, as sagas do. A view only notes what it wants, and whether the token
 * is where it was is seen when that is written.
 */
final class SureOfToken implements MessageHandlerInterceptor<EventMessage<?>> {

    private final String processor;
    private final String segmentKey;
    private final TokenStores tokens;

    SureOfToken(String processor, TokenStores tokens) {
        this.processor = processor;
        this.segmentKey = "Processor[" + processor + "]/SegmentId";
        this.tokens = tokens;
    }

    @Override
    public @Nullable Object handle(UnitOfWork<? extends EventMessage<?>> unitOfWork, InterceptorChain chain) throws Exception {
        UnitOfWork<?> batch = unitOfWork.root();
        Integer segment = batch.getResource(segmentKey);
        if (segment != null && !Edition.isOfViews(processor) && batch.resources().putIfAbsent(SureOfToken.class.getName(), true) == null) {
            tokens.begin(batch, processor, segment);
        }
        return chain.proceed();
    }
}
