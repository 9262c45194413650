package jangter.axonserver.grpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import jangter.axonserver.store.StoredEvent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * A stored event on its way to a client: the stored bytes as they are, behind the few bytes that put a token before them. Events are
 * never parsed and rebuilt on the way out, which is most of what reading a store from the start costs.
 */
record EventFrame(byte[] head, StoredEvent event) {

    private static final int TOKEN = 1;
    private static final int EVENT = 2;
    private static final int LENGTH_DELIMITED = 2;
    private static final byte[] NO_HEAD = {};

    /** An {@code Event}. */
    static EventFrame plain(StoredEvent event) {
        return new EventFrame(NO_HEAD, event);
    }

    /** An {@code EventWithToken}. */
    static EventFrame withToken(StoredEvent event) {
        long token = event.position();
        int size = 1 + CodedOutputStream.computeUInt32SizeNoTag(event.length());
        if (token != 0) {
            size += CodedOutputStream.computeInt64Size(TOKEN, token);
        }
        byte[] head = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        try {
            if (token != 0) {
                out.writeInt64(TOKEN, token);
            }
            out.writeTag(EVENT, LENGTH_DELIMITED);
            out.writeUInt32NoTag(event.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new EventFrame(head, event);
    }

    static final MethodDescriptor.Marshaller<EventFrame> MARSHALLER = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(EventFrame frame) {
            return new Bytes(frame);
        }

        @Override
        public EventFrame parse(InputStream stream) {
            throw new UnsupportedOperationException("Event frames are only sent");
        }
    };

    private static final class Bytes extends InputStream implements KnownLength, Drainable {

        private final EventFrame frame;
        private int read;

        private Bytes(EventFrame frame) {
            this.frame = frame;
        }

        @Override
        public int available() {
            return frame.head.length + frame.event.length() - read;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            if (read > 0) {
                return (int) transferTo(target);
            }
            target.write(frame.head);
            target.write(frame.event.buffer(), frame.event.offset(), frame.event.length());
            read = frame.head.length + frame.event.length();
            return read;
        }

        @Override
        public int read() {
            if (available() == 0) {
                return -1;
            }
            int at = read++;
            byte next = at < frame.head.length ? frame.head[at] : frame.event.buffer()[frame.event.offset() + at - frame.head.length];
            return next & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int head = frame.head.length;
            boolean isInHead = read < head;
            int taken = Math.min(length, isInHead ? head - read : available());
            if (taken == 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(isInHead ? frame.head : frame.event.buffer(), isInHead ? read : frame.event.offset() + read - head, target, offset, taken);
            read += taken;
            return taken;
        }
    }
}
