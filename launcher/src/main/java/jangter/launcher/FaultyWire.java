package jangter.launcher;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The wire of one process on the loopback address: what comes to its port goes to the target's, frame by frame. It can be cut, slowed and
 * frozen, a {@link Trap} can lie in wait on it, and it can swallow an answer.
 */
final class FaultyWire implements AutoCloseable {

    private static final int ANSWER_ENDS_AFTER = 300;

    private final ServerSocket server;
    private final int target;
    private final Protocol protocol;
    private final Set<Pump> pumps = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean frozen;
    private volatile @Nullable Trap trap;
    private volatile @Nullable CompletableFuture<byte[]> swallowed;

    private FaultyWire(ServerSocket server, int target, Protocol protocol) {
        this.server = server;
        this.target = target;
        this.protocol = protocol;
    }

    static FaultyWire to(int target, Protocol protocol) {
        try {
            FaultyWire wire = new FaultyWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, protocol);
            start("wire-" + target, wire::accept);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Breaks every connection there is; new ones can be made at once. */
    void cut() {
        pumps.forEach(Pump::close);
    }

    /** From now on everything takes that much longer, each way. */
    void slow(Duration by) {
        delay = by;
    }

    /** From when this returns nothing that the target says arrives any more, until it is thawed. */
    void freeze() {
        frozen = true;
        for (Pump pump : pumps) {
            synchronized (pump) {
                // whatever was being handed over has arrived
            }
        }
    }

    void thaw() {
        frozen = false;
        for (Pump pump : pumps) {
            synchronized (pump) {
                pump.notifyAll();
            }
        }
    }

    void set(Trap newTrap) {
        trap = newTrap;
    }

    void disarm() {
        trap = null;
    }

    /** Keeps the next answer to itself, and breaks the connection that it was for. */
    CompletableFuture<byte[]> swallowAnswer() {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        swallowed = answer;
        return answer;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket();
                try {
                    far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                } catch (IOException nobodyThere) {
                    near.close();
                    continue;
                }
                Protocol.Conversation conversation = protocol.conversation();
                start("wire-there", new Pump(near, far, true, conversation));
                start("wire-back", new Pump(far, near, false, conversation));
            } catch (IOException closed) {
                // the loop's condition tells whether it was meant
            }
        }
    }

    /** One direction of one connection. */
    private final class Pump implements Runnable {

        private final Socket from;
        private final Socket to;
        private final boolean outward;
        private final Protocol.Conversation conversation;

        Pump(Socket from, Socket to, boolean outward, Protocol.Conversation conversation) {
            this.from = from;
            this.to = to;
            this.outward = outward;
            this.conversation = conversation;
            pumps.add(this);
        }

        @Override
        public void run() {
            try (from; to; InputStream in = new BufferedInputStream(from.getInputStream()); OutputStream out = to.getOutputStream()) {
                for (byte[] frame = protocol.next(in); frame != null; frame = protocol.next(in)) {
                    if (isTrapped(frame) || isSwallowed(frame, in)) {
                        break;
                    }
                    if (!delay.isZero()) {
                        ShopClient.pause(delay);
                    }
                    hand(frame, out);
                }
            } catch (IOException cut) {
                // either end learns of it by its own closing
            }
            pumps.remove(this);
        }

        private boolean isTrapped(byte[] frame) {
            Optional<Moment> moment = conversation.momentOf(outward, frame);
            Trap set = trap;
            return set != null && moment.isPresent() && set.springsAt(moment.get());
        }

        private boolean isSwallowed(byte[] frame, InputStream in) throws IOException {
            CompletableFuture<byte[]> by = swallowed;
            if (outward || by == null) {
                return false;
            }
            swallowed = null;
            by.complete(rest(frame, in));
            return true;
        }

        /** All that belongs to the answer: what comes without a longer pause. */
        private byte[] rest(byte[] frame, InputStream in) throws IOException {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            from.setSoTimeout(ANSWER_ENDS_AFTER);
            try {
                for (byte @Nullable [] next = frame; next != null; next = protocol.next(in)) {
                    answer.write(next);
                }
            } catch (SocketTimeoutException complete) {
                // nothing more comes
            }
            return answer.toByteArray();
        }

        private synchronized void hand(byte[] frame, OutputStream out) throws IOException {
            while (frozen && !outward && !to.isClosed()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            out.write(frame);
        }

        void close() {
            FaultyWire.close(from);
            FaultyWire.close(to);
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // which is what was wanted
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
