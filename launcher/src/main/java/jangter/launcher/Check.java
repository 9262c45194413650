package jangter.launcher;

import io.axoniq.axonserver.connector.AxonServerConnection;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import jangter.proof.Invariants;
import jangter.proof.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads all events of a running system, at whatever Axon Server it has, and tells whether what must hold of the shop holds. */
final class Check {

    private static final String USUAL_ADDRESS = "127.0.0.1:8124";
    private static final String CONTEXT = "default";
    private static final int READ_AHEAD = 2_000;
    private static final int TELL_EVERY = 100_000;
    private static final long PATIENCE_SECONDS = 10;
    private static final int MOST_TOLD = 20;

    private final AxonServerAccess axonServer;

    Check(AxonServerAccess axonServer) {
        this.axonServer = axonServer;
    }

    /** @param token what Axon Server wants to be shown, if it does */
    Check(String servers, @Nullable String token) {
        this(new AxonServerAccess(servers, token, false, null));
    }

    static void main(String... arguments) {
        String servers = Objects.requireNonNullElseGet(System.getenv("AXON_AXONSERVER_SERVERS"), Check::embeddedOrUsual);
        AxonServerAccess axonServer = AxonServerAccess.ofEnvironment(servers);
        Preflight.axonServerAnswers(axonServer, Duration.ofSeconds(5));
        System.out.println("Reading all events at " + servers + " …");
        Report report = new Check(axonServer).read(System.out);
        print(report, System.out);
        if (!report.holds()) {
            throw new CannotStartException(report.found() + " violations: the shop is not in order.");
        }
    }

    /**
     * What the events say that are in the store now. If no checkout is under way, what is half done counts as a violation too.
     *
     * @param progress is told of long readings
     */
    Report read(PrintStream progress) {
        return read(progress, event -> { });
    }

    /** @param also is shown every event */
    Report read(PrintStream progress, Consumer<StoredEvent> also) {
        AxonServerConnectionFactory factory = axonServer.connector("jangter-check");
        try {
            AxonServerConnection connection = factory.connect(CONTEXT);
            Invariants invariants = new Invariants();
            readAll(connection.eventChannel(), progress, also.andThen(event -> invariants.on(event.payload())));
            Report report = invariants.report(false);
            return report.unfinished().isEmpty() ? invariants.report(true) : report;
        } catch (ExecutionException | TimeoutException unanswered) {
            throw new CannotStartException("Axon Server at " + axonServer + " does not answer as it should: " + unanswered);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        } finally {
            factory.shutdown();
        }
    }

    private static void readAll(EventChannel events, PrintStream progress, Consumer<StoredEvent> reader)
            throws ExecutionException, TimeoutException, InterruptedException {
        long last = events.getLastToken().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try (EventStream stream = events.openStream(-1, READ_AHEAD)) {
            for (long at = -1; at < last;) {
                EventWithToken next = stream.nextIfAvailable(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new TimeoutException("event " + (at + 1) + " of " + (last + 1) + " did not come");
                }
                at = next.getToken();
                reader.accept(StoredEvent.of(next));
                if (at > 0 && at % TELL_EVERY == 0) {
                    progress.printf("  %,d of %,d events%n", at, last + 1);
                }
            }
        }
    }

    static void print(Report report, PrintStream out) {
        out.printf("%,d events: %,d orders placed; %,d payments requested, %,d of them completed and %,d failed, %,d parked, %,d under way.%n",
                report.events(), report.placed(), report.requested(), report.completed(), report.failed(), report.parked().size(),
                report.unfinished().size());
        report.parked().forEach(parked -> out.println("  parked: " + parked.orderId() + " at " + parked.parkedAt()
                + " (POST /checkouts/" + parked.orderId() + "/retry)"));
        report.unfinished().stream().limit(MOST_TOLD).forEach(unfinished -> out.println("  under way: " + unfinished.orderId() + ", " + unfinished.paymentId()));
        report.violations().forEach(violation -> out.println("  VIOLATED " + violation));
        if (report.holds()) {
            out.println("Everything that must hold holds" + (report.unfinished().isEmpty() ? "." : ", as far as can be said while checkouts are under way."));
        }
    }

    /** Where the one-JVM default's own Axon Server is, which takes a free port and leaves its address in the data folder. */
    private static String embeddedOrUsual() {
        Path left = EmbeddedParts.addressFile(Path.of(Objects.requireNonNullElse(System.getenv("JANGTER_DATA"), "./data")));
        try {
            return Files.exists(left) ? Files.readString(left) : USUAL_ADDRESS;
        } catch (IOException unreadable) {
            throw new CannotStartException("Cannot read " + left + ". Set AXON_AXONSERVER_SERVERS instead.");
        }
    }
}
