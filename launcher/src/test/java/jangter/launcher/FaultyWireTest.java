package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a wire to one who says back what it is told. */
class FaultyWireTest {

    private ServerSocket echo;
    private FaultyWire wire;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread server = new Thread(() -> {
            while (!echo.isClosed()) {
                try (Socket socket = echo.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException over) {
                    // the next one, if there is one
                }
            }
        });
        server.setDaemon(true);
        server.start();
        wire = FaultyWire.to(echo.getLocalPort(), Protocol.BYTES);
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        echo.close();
    }

    @Test
    void what_is_said_arrives() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, "hello")).isEqualTo("hello");
        }
    }

    @Test
    void a_cut_connection_is_broken_and_a_new_one_can_be_made() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "hello");
            wire.cut();
            assertThat(isBroken(socket)).isTrue();
        }
        try (Socket socket = connect()) {
            assertThat(ask(socket, "again")).isEqualTo("again");
        }
    }

    @Test
    void a_swallowed_answer_was_given_and_is_not_heard() throws Exception {
        try (Socket socket = connect()) {
            CompletableFuture<byte[]> swallowed = wire.swallowAnswer();
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

            assertThat(isBroken(socket)).isTrue();
            assertThat(swallowed.get(30, TimeUnit.SECONDS)).asString().isEqualTo("hello");
        }
    }

    @Test
    void nothing_arrives_over_a_frozen_wire_until_it_is_thawed() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "hello");
            wire.freeze();
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> ask(socket, "later")).isInstanceOf(SocketTimeoutException.class);

            wire.thaw();
            socket.setSoTimeout(30_000);
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII)).isEqualTo("later");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), wire.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static String ask(Socket socket, String words) throws IOException {
        socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(words.length()), StandardCharsets.US_ASCII);
    }

    private static boolean isBroken(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
