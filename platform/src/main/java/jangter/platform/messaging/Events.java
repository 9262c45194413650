package jangter.platform.messaging;

import jangter.kernel.UnavailableException;
import java.time.Duration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.gateway.EventGateway;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Publishes events of no aggregate from the HTTP edge: what somebody wants that a process shall hear of. */
public final class Events {

    private final EventGateway gateway;
    private final Duration patience;
    private final Nobody nobody;

    Events(EventGateway gateway, Duration patience, Nobody nobody) {
        this.gateway = gateway;
        this.patience = patience;
        this.nobody = nobody;
    }

    /**
     * Publishes the event when subscribed to, on behalf of who asked. Storing is waited for, so it has a thread of its own.
     *
     * @return completes when it is stored; or fails with {@link UnavailableException}, where that is unknown
     */
    public Mono<Void> publish(Object event) {
        return Mono.deferContextual(context -> {
            Asked asked = Asked.in(context).orElseGet(nobody::asked);
            return Mono.<Void>fromRunnable(() -> gateway.publish(GenericEventMessage.asEventMessage(event).andMetaData(asked.metaData())))
                    .subscribeOn(Schedulers.boundedElastic()).timeout(patience)
                    .onErrorMap(failure -> new UnavailableException(event.getClass().getSimpleName() + " was not stored in time", failure));
        });
    }
}
