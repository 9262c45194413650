package jangter.launcher;

import com.mongodb.ConnectionString;
import jangter.launcher.issuer.IssuerServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Looks at what a start needs before anything is started, so that what is missing is told in one line. */
final class Preflight {

    private static final int AXON_SERVER_PORT = 8124;
    private static final int MONGO_PORT = 27017;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private Preflight() {
    }

    static void portIsFree(String host, int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException taken) {
            throw new CannotStartException("Cannot listen on " + host + ":" + port + " (" + taken.getMessage()
                    + "). Stop what runs there, or choose another address with JANGTER_PORT and JANGTER_HOST.");
        }
    }

    static void folderIsWritable(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "probe", null));
        } catch (IOException unwritable) {
            throw new CannotStartException("Cannot write to the data folder " + folder.toAbsolutePath()
                    + ". Make it writable, or choose another with JANGTER_DATA.");
        }
    }

    static void axonServerAnswers(AxonServerAccess axonServer, Duration wait) {
        anyAnswers("Axon Server", List.of(axonServer.servers().split(",")), AXON_SERVER_PORT,
                "Start it (./run axonserver, or a real one), or set AXON_AXONSERVER_SERVERS.", wait);
        axonServer.mustBeLetIn(wait);
    }

    static void mongoAnswers(String uri, Duration wait) {
        ConnectionString parsed;
        try {
            parsed = new ConnectionString(uri);
        } catch (IllegalArgumentException malformed) {
            // whose message may repeat a part of the password
            throw new CannotStartException("SPRING_MONGODB_URI is no MongoDB address. It is written mongodb://user:password@host:port, and "
                    + "in user and password : / ? # [ ] @ are written as %3A %2F and so on.");
        }
        anyAnswers("MongoDB", parsed.getHosts(), MONGO_PORT, "Start it, or set SPRING_MONGODB_URI.", wait);
    }

    /** Where {@code ./run issuer} is, if nobody is named. One that is named may be away for now: its keys are fetched when they are needed. */
    static String usualIssuerAnswers(Duration wait) {
        anyAnswers("The issuer of tokens", List.of(IssuerServer.HOST), IssuerServer.USUAL_PORT,
                "Start it (./run issuer), or name yours with SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI.", wait);
        return "http://" + IssuerServer.HOST + ":" + IssuerServer.USUAL_PORT;
    }

    /** Tokens for anyone who asks are for this machine alone. */
    static void isLoopback(String host) {
        boolean loopback;
        try {
            loopback = InetAddress.getByName(host).isLoopbackAddress();
        } catch (IOException unknown) {
            loopback = false;
        }
        if (!loopback) {
            throw new CannotStartException("Without an issuer anyone who reaches " + host + " could be anyone. Name yours with "
                    + "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI, or leave JANGTER_HOST at 127.0.0.1.");
        }
    }

    private static void anyAnswers(String what, List<String> addresses, int usualPort, String advice, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        boolean told = false;
        while (addresses.stream().noneMatch(address -> answers(address.strip(), usualPort))) {
            if (System.nanoTime() > end) {
                throw new CannotStartException(what + " does not answer at " + String.join(",", addresses) + ". " + advice);
            }
            if (!told) {
                System.out.println("Waiting up to " + wait.toSeconds() + " s for " + what + " at " + String.join(",", addresses) + " …");
                told = true;
            }
            ShopClient.pause(PAUSE);
        }
    }

    private static boolean answers(String address, int usualPort) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        try (Socket socket = new Socket()) {
            int port = colon < 0 ? usualPort : Integer.parseInt(address.substring(colon + 1));
            socket.connect(new InetSocketAddress(host, port), (int) PAUSE.toMillis());
            return true;
        } catch (IOException | IllegalArgumentException silent) {
            return false;
        }
    }
}
