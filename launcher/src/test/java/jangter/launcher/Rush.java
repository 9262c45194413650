package jangter.launcher;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many customers who come for one campaign's coupons, evenly over some time, and again as soon as they are told to. It asks and reads as
 * plainly as can be: it shares a machine with those who answer, and customers do not.
 */
final class Rush {

    private static final int CONNECTIONS = 128;
    private static final int LATE = 503;

    private final int port;
    private final byte[] before;
    private final byte[] after = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private final DelayQueue<Comer> comers = new DelayQueue<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicLong lastCame = new AtomicLong();

    Rush(int port, String campaign) {
        this.port = port;
        this.before = ("POST /campaigns/" + campaign + "/coupons HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nAuthorization: Bearer ")
                .getBytes(StandardCharsets.US_ASCII);
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

    private record Answer(int status, int retryAfter) {
    }

    private record Comer(String token, long due, boolean again) implements Delayed {

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(due - ((Comer) other).due, 0);
        }
    }

    /** Lets all of them come within that time. */
    Outcome run(List<String> tokens, Duration within) throws Exception {
        long begun = System.nanoTime();
        for (int n = 0; n < tokens.size(); n++) {
            comers.add(new Comer(tokens.get(n), begun + n * within.toNanos() / tokens.size(), false));
        }
        unanswered.set(tokens.size());
        Callable<Map<Integer, Integer>> door = this::ask;
        ExecutorService doors = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<Map<Integer, Integer>>> asked = new ArrayList<>();
            for (int n = 0; n < CONNECTIONS; n++) {
                asked.add(doors.submit(door));
            }
            Map<Integer, Integer> answers = new TreeMap<>();
            for (Future<Map<Integer, Integer>> one : asked) {
                one.get().forEach((status, times) -> answers.merge(status, times, Integer::sum));
            }
            return new Outcome(answers, Duration.ofNanos(lastCame.get() - begun), Duration.ofNanos(System.nanoTime() - begun), told.get());
        } finally {
            doors.shutdownNow();
        }
    }

    /** One connection, by which one customer after the other asks. */
    private Map<Integer, Integer> ask() throws Exception {
        Map<Integer, Integer> answers = new TreeMap<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (unanswered.get() > 0) {
                Comer comer = comers.poll(100, TimeUnit.MILLISECONDS);
                if (comer != null) {
                    if (!comer.again()) {
                        lastCame.accumulateAndGet(System.nanoTime(), Math::max);
                    }
                    socket.getOutputStream().write(request(comer.token()));
                    Answer answer = answer(in);
                    if (answer.status() == LATE) {
                        told.incrementAndGet();
                        comers.add(new Comer(comer.token(), System.nanoTime() + TimeUnit.SECONDS.toNanos(answer.retryAfter()), true));
                    } else {
                        answers.merge(answer.status(), 1, Integer::sum);
                        unanswered.decrementAndGet();
                    }
                }
            }
        }
        return answers;
    }

    private byte[] request(String token) {
        byte[] request = new byte[before.length + token.length() + after.length];
        System.arraycopy(before, 0, request, 0, before.length);
        System.arraycopy(token.getBytes(StandardCharsets.US_ASCII), 0, request, before.length, token.length());
        System.arraycopy(after, 0, request, before.length + token.length(), after.length);
        return request;
    }

    /** Reads a whole answer. */
    private static Answer answer(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        int length = 0;
        int retryAfter = 1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) {
                length = number(header);
            } else if (name.equals("retry-after")) {
                retryAfter = number(header);
            }
        }
        in.skipNBytes(length);
        return new Answer(status, retryAfter);
    }

    private static int number(String header) {
        return Integer.parseInt(header.substring(header.indexOf(':') + 1).trim());
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("in the middle of an answer");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
