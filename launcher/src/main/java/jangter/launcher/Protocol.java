package jangter.launcher;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is spoken over a wire: where one frame ends, and what happens in the shop when it passes. */
enum Protocol {

    /** HTTP/2 in the clear, as a service speaks with Axon Server. */
    GRPC {
        @Override
        byte @Nullable [] next(InputStream in) throws IOException {
            byte[] header = in.readNBytes(HTTP2_HEADER);
            if (header.length < HTTP2_HEADER) {
                return null;
            }
            boolean preface = header[0] == 'P' && header[1] == 'R' && header[2] == 'I';
            int rest = preface ? HTTP2_PREFACE - HTTP2_HEADER : (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
            return whole(header, rest, in);
        }

        @Override
        Conversation conversation() {
            return new WithAxonServer();
        }
    },

    /** As a service speaks with Mongo. */
    MONGO {
        @Override
        byte @Nullable [] next(InputStream in) throws IOException {
            byte[] header = in.readNBytes(MONGO_HEADER);
            return header.length < MONGO_HEADER ? null : whole(header, littleEndian(header, 0) - MONGO_HEADER, in);
        }

        @Override
        Conversation conversation() {
            return new WithMongo();
        }
    },

    /** As it comes. */
    BYTES {
        @Override
        byte @Nullable [] next(InputStream in) throws IOException {
            byte[] buffer = new byte[16 * 1024];
            int read = in.read(buffer);
            return read < 0 ? null : Arrays.copyOf(buffer, read);
        }

        @Override
        Conversation conversation() {
            return (outward, frame) -> Optional.empty();
        }
    };

    private static final int HTTP2_HEADER = 9;
    private static final int HTTP2_PREFACE = 24;
    private static final int MONGO_HEADER = 16;

    /** The next frame, or nothing at the end. */
    abstract byte @Nullable [] next(InputStream in) throws IOException;

    abstract Conversation conversation();

    /** One connection, listened to from both sides. Called by two threads. */
    interface Conversation {

        /** Which moment it is while this frame is on its way. {@code outward} is away from the process whose wire it is. */
        Optional<Moment> momentOf(boolean outward, byte[] frame);
    }

    /**
     * Requests are compressed where they say what is called, so what is going on is told by what is carried: the readable type of a command
     * or an event, followed by its JSON. An answer is told by its stream.
     */
    private static final class WithAxonServer implements Conversation {

        private static final byte[] COMMAND = "Command$".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] EVENT = "Event$".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] JSON = "{\"".getBytes(StandardCharsets.US_ASCII);
        private static final int DATA = 0;
        /** After the five bytes of gRPC's own: the field that holds the answer to a command. */
        private static final int FIRST_FIELD = HTTP2_HEADER + 5;
        private static final int COMMAND_RESPONSE = 4 << 3 | 2;

        private final Set<Integer> appends = new HashSet<>();
        private final Set<Integer> asks = new HashSet<>();
        private final Set<Integer> handles = new HashSet<>();

        @Override
        public synchronized Optional<Moment> momentOf(boolean outward, byte[] frame) {
            if (frame[3] != DATA || frame.length <= FIRST_FIELD) {
                return Optional.empty();
            }
            int stream = ByteBuffer.wrap(frame).getInt(5) & 0x7fff_ffff;
            return Optional.ofNullable(outward ? said(stream, frame) : heard(stream, frame));
        }

        private @Nullable Moment said(int stream, byte[] frame) {
            if (handles.contains(stream)) {
                return frame[FIRST_FIELD] == COMMAND_RESPONSE ? Moment.BEFORE_ANSWER : null;
            }
            if (carries(EVENT, frame)) {
                appends.add(stream);
            } else if (carries(COMMAND, frame)) {
                asks.add(stream);
                return Moment.BEFORE_SEND;
            }
            return null;
        }

        private @Nullable Moment heard(int stream, byte[] frame) {
            if (appends.remove(stream)) {
                return Moment.AFTER_APPEND;
            }
            if (asks.remove(stream)) {
                return Moment.BEFORE_ANSWER;
            }
            if (carries(COMMAND, frame)) {
                handles.add(stream);
            }
            return null;
        }

        private static boolean carries(byte[] type, byte[] frame) {
            int found = indexOf(type, frame, FIRST_FIELD);
            return found >= 0 && indexOf(JSON, frame, found) >= 0;
        }
    }

    /** A message is answered by one that names its number. */
    private static final class WithMongo implements Conversation {

        private static final byte[] UPDATE_SAGAS = "update\0\6\0\0\0sagas\0".getBytes(StandardCharsets.US_ASCII);
        private static final int NUMBER = 4;
        private static final int ANSWERS = 8;

        private final Set<Integer> stores = new HashSet<>();

        @Override
        public synchronized Optional<Moment> momentOf(boolean outward, byte[] frame) {
            if (outward) {
                if (indexOf(UPDATE_SAGAS, frame, MONGO_HEADER) >= 0) {
                    stores.add(littleEndian(frame, NUMBER));
                }
                return Optional.empty();
            }
            return stores.remove(littleEndian(frame, ANSWERS)) ? Optional.of(Moment.AFTER_SAGA_STORE) : Optional.empty();
        }
    }

    private static byte[] whole(byte[] header, int rest, InputStream in) throws IOException {
        byte[] frame = Arrays.copyOf(header, header.length + rest);
        if (in.readNBytes(frame, header.length, rest) < rest) {
            throw new EOFException("in the middle of a frame");
        }
        return frame;
    }

    private static int littleEndian(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    private static int indexOf(byte[] wanted, byte[] in, int from) {
        for (int at = from; at <= in.length - wanted.length; at++) {
            if (in[at] == wanted[0] && Arrays.equals(wanted, 0, wanted.length, in, at, at + wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
