package jangter.platform.messaging;

import jangter.platform.batch.Batch;
import java.time.Duration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** An event that is tried again by request is a batch of its own, written before it leaves the queue. */
final class SecondTries implements MessageHandlerInterceptor<EventMessage<?>> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public @Nullable Object handle(UnitOfWork<? extends EventMessage<?>> unitOfWork, InterceptorChain chain) throws Exception {
        Object result = chain.proceed();
        if (Batch.isSecondTry(unitOfWork)) {
            Batch.of(unitOfWork).finish(Batch.NO_POSITION, () -> { }).block(PATIENCE);
            // a sequence's events share the outer unit of work, and what handlers keep there for a batch is over with it
            unitOfWork.root().resources().clear();
        }
        return result;
    }
}
