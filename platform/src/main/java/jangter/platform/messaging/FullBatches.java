package jangter.platform.messaging;

import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** Tells those who gather that a batch is as large as one may be: they need not wait for the next to become large. */
final class FullBatches implements MessageHandlerInterceptor<EventMessage<?>> {

    private final int full;

    /** @param full how many events there are in the largest batch */
    FullBatches(int full) {
        this.full = full;
    }

    @Override
    public @Nullable Object handle(UnitOfWork<? extends EventMessage<?>> unitOfWork, InterceptorChain chain) throws Exception {
        if (unitOfWork instanceof BatchingUnitOfWork<?> batch && batch.getMessages().size() >= full) {
            Gathering.more();
        }
        return chain.proceed();
    }
}
