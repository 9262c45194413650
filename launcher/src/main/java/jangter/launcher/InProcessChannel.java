package jangter.launcher;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.ReferenceCountUtil;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection within this JVM, to a server that {@linkplain #serve serves} an address. What is written to one end is read at the
 * other as it is, by the same thread: no socket lies between, and nobody is woken.
 *
 * <p>It counts as a socket's channel, since clients that may be given a kind of channel ask for such a one.
 */
public final class InProcessChannel extends AbstractChannel implements SocketChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final Map<InetSocketAddress, Consumer<Channel>> SERVERS = new ConcurrentHashMap<>();

    private final SocketChannelConfig config = new DefaultSocketChannelConfig(this, new Unconnected());
    // all that follows belongs to the event loop, except that anyone may ask how it stands
    private final Queue<Object> arrived = new ArrayDeque<>();
    private volatile @Nullable InProcessChannel peer;
    private volatile @Nullable InetSocketAddress remote;
    private volatile boolean isClosed;
    private boolean isReading;

    /** An end that is not connected yet. */
    public InProcessChannel() {
        super(null);
    }

    private InProcessChannel(InProcessChannel client) {
        this();
        peer = client;
    }

    /**
     * From now on who connects to that address from within this JVM by such a channel is served by handlers.
     *
     * @param handlers adds them to the server's end of a new connection
     * @return ends this; the connections stay
     * @throws IllegalStateException if the address is served already
     */
    static Runnable serve(InetSocketAddress address, Consumer<Channel> handlers) {
        if (SERVERS.putIfAbsent(address, handlers) != null) {
            throw new IllegalStateException(address + " is served already");
        }
        return () -> SERVERS.remove(address, handlers);
    }

    // --- between the two ends

    private void connectTo(SocketAddress address) throws ConnectException {
        Consumer<Channel> handlers = address instanceof InetSocketAddress ? SERVERS.get(address) : null;
        if (handlers == null) {
            throw new ConnectException("Nobody serves " + address + " in this process");
        }
        InProcessChannel server = new InProcessChannel(this);
        handlers.accept(server);
        peer = server;
        remote = (InetSocketAddress) address;
        eventLoop().register(server);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer written) throws Exception {
        InProcessChannel to = peer;
        if (to == null || to.isClosed) {
            throw new ClosedChannelException();
        }
        boolean isIdle = to.arrived.isEmpty();
        for (Object message = written.current(); message != null; message = written.current()) {
            to.arrived.add(ReferenceCountUtil.retain(message));
            written.remove();
        }
        if (isIdle && !to.arrived.isEmpty()) {
            eventLoop().execute(to::deliver);
        }
    }

    private void deliver() {
        while (isReading && !arrived.isEmpty()) {
            isReading = false;
            while (!arrived.isEmpty()) {
                pipeline().fireChannelRead(arrived.remove());
            }
            // asks for more if it reads by itself
            pipeline().fireChannelReadComplete();
        }
    }

    @Override
    protected void doBeginRead() {
        isReading = true;
        if (!arrived.isEmpty()) {
            eventLoop().execute(this::deliver);
        }
    }

    @Override
    protected void doClose() {
        isClosed = true;
        InProcessChannel other = peer;
        if (other != null && !other.isClosed) {
            other.eventLoop().execute(() -> other.unsafe().close(other.unsafe().voidPromise()));
        }
        while (!arrived.isEmpty()) {
            ReferenceCountUtil.release(arrived.remove());
        }
    }

    private final class Ends extends AbstractUnsafe {

        @Override
        public void connect(SocketAddress address, SocketAddress local, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            if (peer != null) {
                safeSetFailure(promise, new AlreadyConnectedException());
                return;
            }
            try {
                connectTo(address);
                safeSetSuccess(promise);
                pipeline().fireChannelActive();
            } catch (ConnectException refused) {
                safeSetFailure(promise, refused);
                close(voidPromise());
            }
        }
    }

    // --- what a channel tells of itself

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new Ends();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("Only bytes are written, not " + message.getClass().getName());
    }

    @Override
    public SocketChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return !isClosed;
    }

    @Override
    public boolean isActive() {
        return !isClosed && peer != null;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("It has no address of its own");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    public @Nullable ServerSocketChannel parent() {
        return null;
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return null;
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return remote;
    }

    // --- it is closed at once or not at all

    @Override
    public boolean isInputShutdown() {
        return isClosed;
    }

    @Override
    public boolean isOutputShutdown() {
        return isClosed;
    }

    @Override
    public boolean isShutdown() {
        return isClosed;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return close();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return close(promise);
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return close();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        return close(promise);
    }

    @Override
    public ChannelFuture shutdown() {
        return close();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return close(promise);
    }

    /** Takes the options of a connection over a port, which mean nothing here. */
    private static final class Unconnected extends Socket {

        @Override
        public void setTcpNoDelay(boolean on) {
        }

        @Override
        public void setKeepAlive(boolean on) {
        }
    }
}
