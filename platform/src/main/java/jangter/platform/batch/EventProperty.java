package jangter.platform.batch;

import java.util.Optional;
import org.axonframework.common.property.Property;
import org.axonframework.common.property.PropertyAccessStrategy;
import org.axonframework.messaging.Message;
import org.axonframework.serialization.SerializationException;

/** What messages say under one name, each type by a field or method of its own. Where it is is looked for once a type: to look takes an exception. */
public final class EventProperty {

    private final ClassValue<Optional<Property<Object>>> ofTypes;

    /** @param name of the property, as Axon finds it in a payload */
    public EventProperty(String name) {
        ofTypes = new ClassValue<>() {
            @Override
            protected Optional<Property<Object>> computeValue(Class<?> type) {
                return Optional.ofNullable(PropertyAccessStrategy.getProperty(asAny(type), name));
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static Class<Object> asAny(Class<?> type) {
        return (Class<Object>) type;
    }

    /**
     * As text; nothing where the message's type has no such property, or it is null.
     *
     * @throws SerializationException if the payload cannot be read
     */
    public Optional<String> of(Message<?> message) {
        return ofTypes.get(message.getPayloadType()).map(property -> property.<Object>getValue(message.getPayload())).map(Object::toString);
    }
}
