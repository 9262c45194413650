package jangter.launcher;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.TransportSettings;
import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.wire.MongoDatabaseHandler;
import de.bwaldvogel.mongo.wire.MongoExceptionHandler;
import de.bwaldvogel.mongo.wire.MongoWireMessageEncoder;
import de.bwaldvogel.mongo.wire.MongoWireProtocolHandler;
import de.bwaldvogel.mongo.wire.MongoWireReplyEncoder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import jangter.platform.mongo.TokenStores;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStoreException;

/**
 * A Mongo for one's own machine, on a file, over the wire: what the one-JVM default has inside, and {@code ./run mongo} starts alone. It
 * looks up {@code _id} and scans for all else, and a kill takes it back by up to a second, to between two requests; production has a real MongoDB.
 */
final class DevelopmentMongo implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String USUAL_PORT = "27017";

    private final MongoServer server;
    private final int port;
    private final Channels inProcess;

    private DevelopmentMongo(MongoServer server, int port, Channels inProcess) {
        this.server = server;
        this.port = port;
        this.inProcess = inProcess;
    }

    /** The connections from within this JVM that do not go over the port. */
    private static final class Channels {

        private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(new DefaultThreadFactory("mongo-in-process", true), LocalIoHandler.newFactory());
        private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        private final Runnable stopServing;

        /** @param backend decides as it does for those who come over the port */
        Channels(InetSocketAddress address, MongoBackend backend) {
            stopServing = InProcessChannel.serve(address, channel -> channel.pipeline().addLast(new MongoWireReplyEncoder(), new MongoWireMessageEncoder(),
                    new MongoWireProtocolHandler(), new MongoDatabaseHandler(backend, open), new MongoExceptionHandler()));
        }

        void close() {
            stopServing.run();
            open.close().syncUninterruptibly();
            // not at once: a client that still writes would wait for ever
            threads.shutdownGracefully(2, 30, TimeUnit.SECONDS);
        }
    }

    /**
     * Starts one on the loopback address.
     *
     * @param data the folder that its file is in
     * @param port 0 for a free one
     * @param views where they are kept
     * @throws CannotStartException if the file is in use or unusable, or the port is taken
     */
    static DevelopmentMongo start(Path data, int port, EmbeddedSettings.Views views) {
        Preflight.portIsFree(HOST, port);
        Preflight.folderIsWritable(data);
        Path file = data.resolve("mongo.mv").toAbsolutePath().normalize();
        try {
            WholeRequestsBackend backend = WholeRequestsBackend.on(file.toString(), views);
            MongoServer server = new MongoServer(backend);
            server.bind(new InetSocketAddress(HOST, port));
            DevelopmentMongo mongo = new DevelopmentMongo(server, server.getLocalAddress().getPort(), new Channels(server.getLocalAddress(), backend));
            if (backend.viewsAreToComeAnew()) {
                mongo.beginViewsAnew();
                backend.viewsComeAnew();
            }
            return mongo;
        } catch (MVStoreException unusable) {
            throw new CannotStartException("Cannot open " + file
                    + ". Is Jangter running on that folder already? Stop it, or choose another folder with JANGTER_DATA.");
        }
    }

    private void beginViewsAnew() {
        try (MongoClient client = MongoClients.create(uri())) {
            TokenStores.beginViewsAnew(client);
        }
    }

    static void main(String... arguments) throws InterruptedException {
        Path data = Path.of(Objects.requireNonNullElse(System.getenv("JANGTER_DATA"), "./data"));
        String port = Objects.requireNonNullElse(System.getenv("JANGTER_PORT"), USUAL_PORT);
        if (!port.matches("\\d{1,5}")) {
            throw new CannotStartException("JANGTER_PORT is " + port + ", which is no port.");
        }
        DevelopmentMongo mongo = start(data, Integer.parseInt(port), EmbeddedSettings.Views.FILE);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            mongo.close();
            stopped.countDown();
        }));
        System.out.println("Jangter's development Mongo on " + mongo.uri() + ", data in " + data.toAbsolutePath().normalize() + ". Ctrl-C stops.");
        stopped.await();
    }

    String uri() {
        return "mongodb://" + HOST + ":" + port;
    }

    /** How clients in this JVM reach it without the port. */
    TransportSettings inProcess() {
        return TransportSettings.nettyBuilder().eventLoopGroup(inProcess.threads).socketChannelClass(InProcessChannel.class).build();
    }

    @Override
    public void close() {
        inProcess.close();
        server.shutdown();
    }
}
