package jangter.benchmarks;

import io.netty.util.AsciiString;

/** A request's header lines as they go over the wire, made once for many requests. */
record Headers(AsciiString lines) {

    static final Headers NONE = new Headers(AsciiString.EMPTY_STRING);

    /** @throws IllegalArgumentException if there is a line break in one of them, since that would be another header */
    static Headers of(String name, String value) {
        String line = name + ": " + value;
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("The header " + name + " has more than one line.");
        }
        return new Headers(AsciiString.of(line + "\r\n"));
    }

    Headers and(Headers others) {
        return new Headers(lines.concat(others.lines));
    }
}
