package jangter.platform.messaging;

import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.correlation.CorrelationDataProvider;

/**
 * Hands on from each message to those that come of it on whose behalf they are; see {@link Asked}. A message that does not tell, of an
 * older version for instance, counts as the service's own.
 */
final class Origins implements CorrelationDataProvider {

    private final String service;

    Origins(String service) {
        this.service = service;
    }

    @Override
    public Map<String, ?> correlationDataFor(Message<?> message) {
        MetaData told = message.getMetaData();
        Map<String, Object> handedOn = new HashMap<>();
        handedOn.put(Asked.CAUSE, message.getIdentifier());
        handedOn.put(Asked.ASKED_BY, told.getOrDefault(Asked.ASKED_BY, service));
        handedOn.put(Asked.TRACE_ID, told.getOrDefault(Asked.TRACE_ID, message.getIdentifier().replace("-", "")));
        if (told.containsKey(Asked.IDEMPOTENCY_KEY)) {
            handedOn.put(Asked.IDEMPOTENCY_KEY, told.get(Asked.IDEMPOTENCY_KEY));
        }
        if (message instanceof CommandMessage<?> && told.containsKey(Asked.SENT_AT)) {
            handedOn.put(Asked.SENT_AT, told.get(Asked.SENT_AT));
        }
        return handedOn;
    }
}
