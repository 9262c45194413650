package jangter.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends a request byte by byte as it is written, which proper clients refuse to do for the requests that matter here. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;

    RawHttp(int port) {
        this.port = port;
    }

    /** @param head the status line and the headers, as they came */
    record Answer(int status, String head, String body) {
    }

    Answer send(String method, String target, @Nullable String token, Map<String, String> headers, byte[] body) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("Host", "127.0.0.1", "Connection", "close", "Content-Length", String.valueOf(body.length)));
        if (token != null) {
            all.put("Authorization", "Bearer " + token);
        }
        all.putAll(headers);
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        all.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        request.writeBytes(body);
        return send(request.toByteArray());
    }

    /** The first bytes of the answer tell the status; a body that goes on, such as a stream of events, is left. */
    Answer send(byte[] request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            write(socket, request);
            String text = new String(read(socket.getInputStream()), StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            if (!text.startsWith("HTTP/1.1 ") || end < 0) {
                throw new IllegalStateException("That is no answer: " + text);
            }
            return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who is refused before all is read hangs up while it is still sent. */
    private static void write(Socket socket, byte[] request) throws IOException {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException hungUp) {
            // the answer is there all the same
        }
    }

    private static boolean begins(ByteArrayOutputStream answer, String contentType) {
        String text = answer.toString(StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        return end > 0 && text.substring(0, end).contains("Content-Type: " + contentType);
    }

    private static byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        try {
            for (int count = in.read(some); count >= 0 && !begins(answer, "text/event-stream"); count = in.read(some)) {
                answer.write(some, 0, count);
            }
        } catch (IOException hungUp) {
            if (answer.size() == 0) {
                throw hungUp;
            }
        }
        return answer.toByteArray();
    }
}
