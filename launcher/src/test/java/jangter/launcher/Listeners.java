package jangter.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses that a process listens on, as Linux tells. */
final class Listeners {

    private static final String LISTENING = "0A";

    private Listeners() {
    }

    static List<InetSocketAddress> of(long pid) {
        Path process = Path.of("/proc", String.valueOf(pid));
        Set<String> sockets = sockets(process);
        return Stream.of("tcp", "tcp6").flatMap(table -> lines(process.resolve("net").resolve(table)).skip(1))
                .map(line -> line.strip().split("\\s+"))
                .filter(row -> row[3].equals(LISTENING) && sockets.contains("socket:[" + row[9] + "]"))
                .map(row -> address(row[1])).toList();
    }

    private static Set<String> sockets(Path process) {
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return open.map(Listeners::target).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.exists(table) ? Files.readAllLines(table).stream() : Stream.of("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Four bytes at a time, each four in the machine's order; then the port. */
    private static InetSocketAddress address(String text) {
        String[] parts = text.split(":");
        ByteBuffer told = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0])).order(ByteOrder.BIG_ENDIAN);
        ByteBuffer address = ByteBuffer.allocate(told.capacity()).order(ByteOrder.nativeOrder());
        while (told.hasRemaining()) {
            address.putInt(told.getInt());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.array()), Integer.parseInt(parts[1], 16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
