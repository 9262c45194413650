package jangter.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A shop's HTTP, ours or a yardstick's. It shares the machine with what it measures, so it costs as little as it can: one thread for all doors,
 * headers made beforehand, and of an answer nothing is read that nobody looks at.
 */
final class Door implements AutoCloseable {

    /** Fewer than the shop serves at once by default: who waits for a connection waits here, and the wait counts. */
    static final int MOST_CONNECTIONS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final EventLoop THREAD = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("bench-doors", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()).next();
    private static final HttpDecoderConfig ANSWERS = new HttpDecoderConfig().setValidateHeaders(false);

    private static final AsciiString VERSION_AND_HOST = AsciiString.of(" HTTP/1.1\r\nHost: ");
    private static final AsciiString LENGTH = AsciiString.of("Content-Length: ");
    private static final AsciiString JSON = AsciiString.of("\r\nContent-Type: application/json");
    private static final AsciiString LINE_END = AsciiString.of("\r\n");
    private static final int ROOM_FOR_A_REQUEST = 256;

    private final URI address;
    private final AsciiString hostLine;
    private final Duration patience;
    private final Bootstrap connecting;
    private final Future<?> looking;

    // all that follows belongs to the one thread
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Set<Connection> open = new HashSet<>();
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private int opening;
    private boolean isClosed;

    Door(URI address) {
        this(address, PATIENCE);
    }

    /** @param patience how long an answer may take, and twice as long a connection that it can be asked by */
    Door(URI address, Duration patience) {
        this.address = address;
        this.hostLine = VERSION_AND_HOST.concat(address.getAuthority()).concat(LINE_END);
        this.patience = patience;
        this.connecting = new Bootstrap().group(THREAD).channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .remoteAddress(new InetSocketAddress(address.getHost(), address.getPort() < 0 ? 80 : address.getPort()))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpResponseDecoder(ANSWERS), new Connection(channel));
                    }
                });
        this.looking = THREAD.scheduleWithFixedDelay(this::giveUp, patience.toMillis(), patience.toMillis() / 10, TimeUnit.MILLISECONDS);
    }

    /** An answer, whose body is read only if it is looked at. */
    static final class Answer {

        private final int status;
        private final byte[] bytes;

        Answer(int status, byte[] bytes) {
            this.status = status;
            this.bytes = bytes;
        }

        int status() {
            return status;
        }

        boolean isGood() {
            return status < 300;
        }

        String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** The text of the first field of that name in the body, or, where there is none, the whole answer. */
        String field(String name) {
            String body = body();
            String before = "\"" + name + "\":\"";
            int begin = body.indexOf(before);
            int end = begin < 0 ? -1 : body.indexOf('"', begin + before.length());
            return end < 0 ? toString() : body.substring(begin + before.length(), end);
        }

        @Override
        public String toString() {
            return "HTTP " + status + " " + body();
        }
    }

    private record Asked(AsciiString method, String path, Headers headers, @Nullable String json, MonoSink<Answer> answered, long since) {
    }

    URI address() {
        return address;
    }

    Mono<Answer> get(Headers headers, String path) {
        return ask(AsciiString.of("GET "), path, headers, null);
    }

    Mono<Answer> post(Headers headers, String path, @Nullable String json) {
        return ask(AsciiString.of("POST "), path, headers, json);
    }

    private Mono<Answer> ask(AsciiString method, String path, Headers headers, @Nullable String json) {
        return Mono.create(sink -> {
            Asked asked = new Asked(method, path, headers, json, sink, System.nanoTime());
            if (THREAD.inEventLoop()) {
                ask(asked);
            } else {
                THREAD.execute(() -> ask(asked));
            }
        });
    }

    private void ask(Asked asked) {
        Connection connection = idle.poll();
        if (connection != null) {
            connection.ask(asked);
        } else if (isClosed) {
            asked.answered().error(new ClosedChannelException());
        } else {
            waiting.add(asked);
            openMore();
        }
    }

    private void openMore() {
        while (opening < waiting.size() && open.size() + opening < MOST_CONNECTIONS) {
            opening++;
            connecting.connect().addListener(connected -> {
                opening--;
                if (!connected.isSuccess()) {
                    failNext(connected.cause());
                    openMore();
                }
            });
        }
    }

    private void failNext(Throwable cause) {
        Asked next = waiting.poll();
        if (next != null) {
            next.answered().error(cause);
        }
    }

    /** Ends what takes too long, and what waited for too long. */
    private void giveUp() {
        long now = System.nanoTime();
        List.copyOf(open).stream().filter(connection -> connection.asked != null && now - connection.askedAt > patience.toNanos())
                .forEach(connection -> connection.end(new TimeoutException()));
        while (!waiting.isEmpty() && now - waiting.peek().since() > 2 * patience.toNanos()) {
            failNext(new TimeoutException());
        }
    }

    /** By which one request after the other is asked. */
    private final class Connection extends SimpleChannelInboundHandler<HttpObject> {

        private final Channel channel;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable Asked asked;
        private long askedAt;
        private int status;
        private boolean stays;

        Connection(Channel channel) {
            this.channel = channel;
        }

        void ask(Asked next) {
            asked = next;
            askedAt = System.nanoTime();
            byte[] json = next.json() == null ? null : next.json().getBytes(StandardCharsets.UTF_8);
            ByteBuf request = channel.alloc().buffer(ROOM_FOR_A_REQUEST + next.headers().lines().length());
            write(request, next.method());
            ByteBufUtil.writeAscii(request, next.path());
            write(request, hostLine);
            write(request, next.headers().lines());
            write(request, LENGTH);
            ByteBufUtil.writeAscii(request, String.valueOf(json == null ? 0 : json.length));
            if (json != null) {
                write(request, JSON);
            }
            write(request, LINE_END);
            write(request, LINE_END);
            if (json != null) {
                request.writeBytes(json);
            }
            channel.writeAndFlush(request);
        }

        private static void write(ByteBuf request, AsciiString text) {
            request.writeBytes(text.array(), text.arrayOffset(), text.length());
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            open.add(this);
            rest();
        }

        /** Whoever waits is next. */
        private void rest() {
            Asked next = waiting.poll();
            if (isClosed) {
                channel.close();
            } else if (next == null) {
                idle.add(this);
            } else {
                ask(next);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) throws IOException {
            if (part.decoderResult().isFailure()) {
                end(part.decoderResult().cause());
                return;
            }
            if (part instanceof HttpResponse response) {
                status = response.status().code();
                stays = HttpUtil.isKeepAlive(response);
            }
            if (part instanceof HttpContent content) {
                content.content().readBytes(body, content.content().readableBytes());
            }
            if (part instanceof LastHttpContent) {
                answered();
            }
        }

        private void answered() {
            Asked done = asked;
            asked = null;
            Answer answer = new Answer(status, body.toByteArray());
            body.reset();
            if (stays && done != null) {
                rest();
            } else {
                channel.close();
            }
            if (done != null) {
                done.answered().success(answer);
            }
        }

        private void end(Throwable cause) {
            Asked failed = asked;
            asked = null;
            channel.close();
            if (failed != null) {
                failed.answered().error(cause);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            open.remove(this);
            idle.remove(this);
            end(new EOFException(address + " hung up"));
            openMore();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            end(failure);
        }
    }

    @Override
    public void close() {
        looking.cancel(false);
        THREAD.execute(() -> {
            isClosed = true;
            while (!waiting.isEmpty()) {
                failNext(new ClosedChannelException());
            }
            List.copyOf(open).forEach(connection -> connection.end(new ClosedChannelException()));
        });
    }
}
