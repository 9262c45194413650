package jangter.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire on the loopback address that can be cut and slowed: what comes to its port goes to the target's. */
final class FaultyWire implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;

    private FaultyWire(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    static FaultyWire to(int target) {
        try {
            FaultyWire wire = new FaultyWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
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
        ends.forEach(FaultyWire::close);
        ends.clear();
    }

    /** From now on everything takes that much longer, each way. */
    void slow(Duration by) {
        delay = by;
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
                ends.add(near);
                ends.add(far);
                start("wire-there", () -> pump(near, far));
                start("wire-back", () -> pump(far, near));
            } catch (IOException closed) {
                // the loop's condition tells whether it was meant
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!delay.isZero()) {
                    ShopClient.pause(delay);
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException cut) {
            // either end learns of it by its own closing
        }
        ends.remove(from);
        ends.remove(to);
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
