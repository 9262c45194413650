package jangter.launcher;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.EOFException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Many customers who come for one campaign's coupons, at a constant rate, and come again when they are told to. It shares the machine with
 * the shop, so it costs as little as it can: one thread looks every few milliseconds who is due, and asks the kernel in the cheapest way there is.
 */
final class Rush {

    private static final int CONNECTIONS = 128;
    private static final int LATE = 503;
    private static final int LOOKS_EVERY_MILLIS = 4;

    private final int port;
    private final String path;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    // all that follows belongs to the one thread
    private final Queue<Comer> comers = new PriorityQueue<>(Comparator.comparingLong(Comer::due));
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Map<Integer, Integer> answers = new TreeMap<>();
    private long begun;
    private long lastCame;
    private int unanswered;
    private int told;

    Rush(int port, String campaign) {
        this.port = port;
        this.path = "/campaigns/" + campaign + "/coupons";
    }

    /**
     * What came of it.
     *
     * @param answers how many were answered with which status in the end
     * @param came how long it took until everyone had come for the first time
     * @param lasted how long it took until everyone was answered for good
     * @param toldToComeAgain how often anyone was
     */
    record Outcome(Map<Integer, Integer> answers, Duration came, Duration lasted, int toldToComeAgain) {
    }

    private record Comer(String token, long due, boolean again) {
    }

    /** Lets all of them come within that time; once only. */
    Outcome run(List<String> tokens, Duration within) throws Exception {
        EventLoopGroup thread = new MultiThreadIoEventLoopGroup(1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        try {
            Bootstrap connecting = new Bootstrap().group(thread).channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class).handler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new HttpClientCodec(), new Connection());
                }
            });
            for (int n = 0; n < CONNECTIONS; n++) {
                connecting.connect(InetAddress.getLoopbackAddress(), port).sync();
            }
            thread.execute(() -> begin(tokens, within));
            thread.scheduleAtFixedRate(this::letCome, LOOKS_EVERY_MILLIS, LOOKS_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            return outcome.get();
        } finally {
            thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void begin(List<String> tokens, Duration within) {
        begun = System.nanoTime();
        unanswered = tokens.size();
        for (int n = 0; n < tokens.size(); n++) {
            comers.add(new Comer(tokens.get(n), begun + n * within.toNanos() / tokens.size(), false));
        }
    }

    /** Those who are due, as long as there are connections for them. */
    private void letCome() {
        long now = System.nanoTime();
        for (Comer next = comers.peek(); next != null && next.due() <= now && !idle.isEmpty(); next = comers.peek()) {
            comers.remove();
            if (!next.again()) {
                lastCame = now;
            }
            idle.remove().ask(next);
        }
    }

    private void answered(Comer comer, int status, int retryAfter) {
        if (status == LATE) {
            told++;
            comers.add(new Comer(comer.token(), System.nanoTime() + TimeUnit.SECONDS.toNanos(retryAfter), true));
            return;
        }
        answers.merge(status, 1, Integer::sum);
        unanswered--;
        if (unanswered == 0) {
            outcome.complete(new Outcome(answers, Duration.ofNanos(lastCame - begun), Duration.ofNanos(System.nanoTime() - begun), told));
        }
    }

    /** By which one customer after the other asks. */
    private final class Connection extends SimpleChannelInboundHandler<HttpObject> {

        private Channel channel;
        private Comer comer;
        private int status;
        private int retryAfter;

        void ask(Comer next) {
            comer = next;
            FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path);
            request.headers().set(HttpHeaderNames.HOST, "127.0.0.1").set(HttpHeaderNames.CONTENT_LENGTH, 0)
                    .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + next.token());
            channel.writeAndFlush(request);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
            idle.add(this);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response) {
                status = response.status().code();
                retryAfter = response.headers().getInt(HttpHeaderNames.RETRY_AFTER, 1);
            }
            if (part instanceof LastHttpContent) {
                idle.add(this);
                answered(comer, status, retryAfter);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            outcome.completeExceptionally(new EOFException("in the middle of a rush"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            outcome.completeExceptionally(failure);
        }
    }
}
