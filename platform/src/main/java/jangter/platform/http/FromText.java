package jangter.platform.http;

import java.time.DateTimeException;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Reads a time from text alone. Jackson would take a number too, as seconds, where the sender may have meant milliseconds. */
final class FromText<T> extends StdScalarDeserializer<T> {

    private final Function<String, T> parse;

    FromText(Class<T> type, Function<String, T> parse) {
        super(type);
        this.parse = parse;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser json, DeserializationContext context) {
        if (!json.hasToken(JsonToken.VALUE_STRING)) {
            return (T) context.handleUnexpectedToken(handledType(), json);
        }
        String text = json.getString();
        try {
            return parse.apply(text);
        } catch (DateTimeException unreadable) {
            return (T) context.handleWeirdStringValue(handledType(), text, "not in ISO 8601 form");
        }
    }
}
