package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InProcessChannelTest {

    /** Nobody listens there. */
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 1);

    @TempDir
    static Path folder;

    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2, LocalIoHandler.newFactory());
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Queue<Channel> serverEnds = new ConcurrentLinkedQueue<>();
    private final Runnable stopServing = InProcessChannel.serve(ADDRESS, server -> {
        serverEnds.add(server);
        server.pipeline().addLast(new Echo());
    });

    @AfterEach
    void stop() {
        stopServing.run();
        threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Answers what it is told. */
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }
    }

    private final class Answers extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            answers.add(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
        }
    }

    private Channel connect(InetSocketAddress address) throws InterruptedException {
        return new Bootstrap().group(threads).channel(InProcessChannel.class).handler(new Answers()).connect(address).sync().channel();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    // --- connections

    @Test
    void what_is_written_is_read_at_the_other_end_in_its_order_and_answered() throws Exception {
        Channel client = connect(ADDRESS);

        IntStream.range(0, 1_000).forEach(n -> client.writeAndFlush(bytes(n + " ")));

        StringBuilder answered = new StringBuilder();
        String all = IntStream.range(0, 1_000).mapToObj(n -> n + " ").reduce("", String::concat);
        while (answered.length() < all.length()) {
            answered.append(answers.poll(10, TimeUnit.SECONDS));
        }
        assertThat(answered).hasToString(all);
    }

    @Test
    void who_does_not_read_gets_nothing_until_he_does() throws Exception {
        Channel client = connect(ADDRESS);
        client.writeAndFlush(bytes("hello")).sync();
        assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
        client.eventLoop().submit(() -> client.config().setAutoRead(false)).sync();
        client.writeAndFlush(bytes("once")).sync();
        // it had asked for one more
        assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo("once");
        client.writeAndFlush(bytes("twice")).sync();
        client.eventLoop().submit(() -> { }).sync();
        client.eventLoop().submit(() -> { }).sync();
        assertThat(answers).isEmpty();

        client.read();

        assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo("twice");
    }

    @Test
    void an_address_that_nobody_serves_refuses() {
        assertThatThrownBy(() -> connect(new InetSocketAddress("127.0.0.1", 2))).isInstanceOf(ConnectException.class).hasMessageContaining("/127.0.0.1:2");
    }

    @Test
    void an_address_is_served_once() {
        assertThatThrownBy(() -> InProcessChannel.serve(ADDRESS, server -> { })).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void one_end_closes_with_the_other() throws Exception {
        Channel first = connect(ADDRESS);
        serverEnds.remove().close().sync();
        first.closeFuture().await(10, TimeUnit.SECONDS);
        assertThat(first.isActive()).isFalse();
        assertThatThrownBy(() -> first.writeAndFlush(bytes("late")).sync()).isInstanceOf(ClosedChannelException.class);

        Channel second = connect(ADDRESS);
        Channel server = serverEnds.remove();
        second.close().sync();
        server.closeFuture().await(10, TimeUnit.SECONDS);
        assertThat(server.isActive()).isFalse();
    }

    // --- the embedded Mongo's

    @Test
    void a_client_of_the_embedded_mongo_writes_and_reads_without_its_port_and_hears_when_it_stops() {
        DevelopmentMongo mongo = DevelopmentMongo.start(folder, 0, EmbeddedSettings.Views.FILE);
        try (MongoClient client = client(mongo)) {
            MongoCollection<Document> documents = client.getDatabase("shop").getCollection("documents");
            String large = "x".repeat(1_000_000);

            IntStream.range(0, 200).parallel().forEach(n -> documents.insertOne(new Document("_id", n).append("text", n % 50 == 0 ? large : "small")));

            assertThat(documents.countDocuments()).isEqualTo(200);
            assertThat(IntStream.range(0, 200).parallel().filter(n -> documents.find(new Document("_id", n)).first().getString("text").length() == 1_000_000))
                    .hasSize(4);
            mongo.close();
            await().untilAsserted(() -> assertThatThrownBy(documents::countDocuments).isInstanceOf(MongoException.class));
        }
    }

    private static MongoClient client(DevelopmentMongo mongo) {
        return MongoClients.create(MongoClientSettings.builder().applyConnectionString(new ConnectionString(mongo.uri()))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(1, TimeUnit.SECONDS)).transportSettings(mongo.inProcess()).build());
    }
}
