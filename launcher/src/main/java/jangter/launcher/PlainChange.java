package jangter.launcher;

import de.bwaldvogel.mongo.backend.NumericUtils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change that only sets fields, counts in them, and takes fields away, as nearly all do. It is made upon a document's {@linkplain DocumentBytes bytes}, of which all that it
 * does not name is copied as it stands. By itself the server takes each path apart with regular expressions, copies the
 * document four times and compares it twice. What is anything else, or not allowed, is the server's to do or to refuse.
 */
final class PlainChange {

    private static final String SET_ON_INSERT = "$setOnInsert";
    private static final String UNSET = "$unset";
    private static final String INC = "$inc";
    private static final Set<String> OPERATORS = Set.of("$set", SET_ON_INSERT, UNSET, INC);
    /** Of a new value and its field's name, usually. */
    private static final int MORE_BYTES = 64;

    private final Document operators;

    private PlainChange(Document operators) {
        this.operators = operators;
    }

    /** That change, if it is a plain one. */
    static Optional<PlainChange> of(Document change) {
        if (change.isEmpty() || !OPERATORS.containsAll(change.keySet())) {
            return Optional.empty();
        }
        Within paths = new Within();
        for (Map.Entry<String, Object> operator : change.entrySet()) {
            if (!(operator.getValue() instanceof Document fields) || operator.getKey().equals(INC) && !fields.values().stream().allMatch(Number.class::isInstance)
                    || !fields.keySet().stream().allMatch(path -> isPlain(path) && paths.add(path, Gone.GONE))) {
                return Optional.empty();
            }
        }
        return Optional.of(new PlainChange(change));
    }

    private static boolean isPlain(String path) {
        return !path.isEmpty() && path.indexOf('$') < 0 && !path.equals("_id") && !path.startsWith("_id.") && path.charAt(0) != '.' && !path.endsWith(".")
                && !path.contains("..");
    }

    /** Those at the top of the document, of which anything may become something else. */
    Stream<String> fields() {
        return operators.values().stream().flatMap(fields -> ((Document) fields).keySet().stream()).map(PlainChange::top);
    }

    private static String top(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }

    /**
     * The document as it is afterwards; the one that is given stays as it is.
     *
     * @return nothing if it leads through what is no document, a list for instance, or counts in what is no number
     */
    Optional<byte[]> of(byte[] before, boolean isNew) {
        Within changes = new Within();
        for (Map.Entry<String, Object> operator : operators.entrySet()) {
            if (isNew || !operator.getKey().equals(SET_ON_INSERT)) {
                ((Document) operator.getValue()).forEach((path, value) -> changes.add(path, becomes(operator.getKey(), value)));
            }
        }
        ByteBuf after = Unpooled.buffer(before.length + changes.fields.size() * MORE_BYTES);
        return changes.write(before, 0, after) ? Optional.of(DocumentBytes.taken(after)) : Optional.empty();
    }

    private static Becomes becomes(String operator, @Nullable Object value) {
        return switch (operator) {
            case UNSET -> Gone.GONE;
            case INC -> new More((Number) value);
            default -> new To(value);
        };
    }

    /** What becomes of a field. */
    private sealed interface Becomes permits To, More, Gone, Within {
    }

    private record To(@Nullable Object value) implements Becomes {
    }

    /** By how much it counts. */
    private record More(Number more) implements Becomes {

        /** @return nothing if that is no number */
        Optional<To> than(@Nullable Object stored) {
            return stored == null ? Optional.of(new To(NumericUtils.addNumbers(0, more)))
                    : stored instanceof Number number ? Optional.of(new To(NumericUtils.addNumbers(number, more))) : Optional.empty();
        }
    }

    private enum Gone implements Becomes {
        GONE
    }

    /** What becomes of the fields of a document, in the order in which new ones are added to it. */
    private static final class Within implements Becomes {

        private final Map<String, Becomes> fields = new LinkedHashMap<>();

        /** @return false if something else becomes of that field, of what it lies in, or of what lies in it */
        boolean add(String path, Becomes becomes) {
            int dot = path.indexOf('.');
            if (dot < 0) {
                return fields.putIfAbsent(path, becomes) == null;
            }
            return fields.computeIfAbsent(path.substring(0, dot), field -> new Within()) instanceof Within inner && inner.add(path.substring(dot + 1), becomes);
        }

        private boolean makes() {
            return fields.values().stream().anyMatch(becomes -> becomes instanceof To || becomes instanceof More || becomes instanceof Within inner && inner.makes());
        }

        /**
         * Writes the document that stands there as it is afterwards.
         *
         * @return false if it leads through what is no document, or counts in what is no number
         */
        boolean write(byte[] before, int at, ByteBuf after) {
            int start = begin(after);
            Set<String> found = new HashSet<>();
            int copied = at + Integer.BYTES;
            DocumentBytes.Fields stored = new DocumentBytes.Fields(before, at);
            while (found.size() < fields.size() && stored.next()) {
                Becomes becomes = fields.get(stored.name());
                if (becomes != null) {
                    found.add(stored.name());
                    after.writeBytes(before, copied, stored.start() - copied);
                    copied = stored.end();
                    if (!write(stored, becomes, before, after)) {
                        return false;
                    }
                }
            }
            after.writeBytes(before, copied, DocumentBytes.end(before, at) - copied);
            fields.forEach((name, becomes) -> {
                if (!found.contains(name)) {
                    make(name, becomes, after);
                }
            });
            end(start, after);
            return true;
        }

        private static boolean write(DocumentBytes.Fields stored, Becomes becomes, byte[] before, ByteBuf after) {
            if (becomes instanceof Within inner) {
                after.writeBytes(before, stored.start(), stored.value() - stored.start());
                return stored.type() == BsonConstants.TYPE_EMBEDDED_DOCUMENT && inner.write(before, stored.value(), after);
            }
            if (becomes instanceof More more) {
                Optional<To> sum = more.than(stored.decoded());
                sum.ifPresent(to -> write(stored.name(), to, after));
                return sum.isPresent();
            }
            if (becomes instanceof To to) {
                write(stored.name(), to, after);
            }
            return true;
        }

        private static void make(String name, Becomes becomes, ByteBuf after) {
            if (becomes instanceof To to) {
                write(name, to, after);
            } else if (becomes instanceof More more) {
                write(name, more.than(null).orElseThrow(), after);
            } else if (becomes instanceof Within inner && inner.makes()) {
                writeField(BsonConstants.TYPE_EMBEDDED_DOCUMENT, name, after);
                int start = begin(after);
                inner.fields.forEach((field, within) -> make(field, within, after));
                end(start, after);
            }
        }

        private static void write(String name, To to, ByteBuf after) {
            byte type = BsonEncoder.determineType(to.value());
            writeField(type, name, after);
            BsonEncoder.encodeValue(type, to.value(), after);
        }

        private static void writeField(byte type, String name, ByteBuf after) {
            after.writeByte(type);
            after.writeCharSequence(name, StandardCharsets.UTF_8);
            after.writeByte(BsonConstants.STRING_TERMINATION);
        }

        private static int begin(ByteBuf after) {
            int start = after.writerIndex();
            after.writeZero(Integer.BYTES);
            return start;
        }

        private static void end(int start, ByteBuf after) {
            after.writeByte(BsonConstants.TERMINATING_BYTE);
            after.setIntLE(start, after.writerIndex() - start);
        }
    }
}
