package jangter.launcher;

import io.axoniq.axonserver.connector.AxonServerConnection;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.admin.AdminChannel;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** A segment of the checkout's processor is split, merged or moved to the other instance, as an operator does at Axon Server. */
record SegmentChange(How how) implements Fault {

    private static final String PROCESSOR = "saga-checkout";
    private static final String TOKEN_STORE = "jangter";
    private static final Duration DONE_WITHIN = Duration.ofSeconds(20);

    enum How {
        SPLIT, MERGE, MOVE
    }

    /** A segment, and who has it. */
    private record Held(int segment, String by) {

        @Override
        public String toString() {
            return segment + " at " + by;
        }
    }

    @Override
    public Outcome happen(ChaosScene scene) {
        List<Held> before = held(scene.cluster());
        AxonServerConnectionFactory factory = AxonServerConnectionFactory.forClient("jangter-operator")
                .routingServers(new ServerAddress("127.0.0.1", scene.cluster().port(ChaosCluster.AXON_SERVER))).build();
        try {
            AxonServerConnection connection = factory.connect("default");
            change(scene, connection.adminChannel(), before);
            return new Outcome("segment of the saga's processor " + done(), before + " → " + awaitOther(before, scene.cluster()));
        } catch (ExecutionException | TimeoutException refused) {
            return new Outcome("segment of the saga's processor not " + done(), before + ": " + refused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted.");
        } finally {
            factory.shutdown();
        }
    }

    private void change(ChaosScene scene, AdminChannel operator, List<Held> held) throws ExecutionException, TimeoutException, InterruptedException {
        (switch (how) {
            case SPLIT -> operator.splitEventProcessor(PROCESSOR, TOKEN_STORE);
            case MERGE -> operator.mergeEventProcessor(PROCESSOR, TOKEN_STORE);
            case MOVE -> {
                Held moved = held.get(scene.random().nextInt(held.size()));
                String to = scene.cluster().instances("saga").stream().filter(instance -> !instance.equals(moved.by())).findFirst().orElseThrow();
                yield operator.moveEventProcessorSegment(PROCESSOR, TOKEN_STORE, moved.segment(), to);
            }
        }).get(DONE_WITHIN.toSeconds(), TimeUnit.SECONDS);
    }

    private List<Held> awaitOther(List<Held> before, ChaosCluster cluster) throws TimeoutException {
        long end = System.nanoTime() + DONE_WITHIN.toNanos();
        List<Held> now = held(cluster);
        while (now.equals(before) || now.size() != size(before)) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("it is " + now + " after " + DONE_WITHIN.toSeconds() + " s");
            }
            ShopClient.pause();
            now = held(cluster);
        }
        return now;
    }

    private int size(List<Held> before) {
        return before.size() + switch (how) {
            case SPLIT -> 1;
            case MERGE -> -1;
            case MOVE -> 0;
        };
    }

    private static List<Held> held(ChaosCluster cluster) {
        List<Held> held = new ArrayList<>();
        for (String instance : cluster.instances("saga")) {
            for (JsonNode segment : cluster.clientOf(instance).getAsStaff("/actuator/processors/" + PROCESSOR).get("segments")) {
                if (segment.get("here").asBoolean()) {
                    held.add(new Held(segment.get("segment").asInt(), instance));
                }
            }
        }
        return held.stream().distinct().sorted((one, other) -> Integer.compare(one.segment(), other.segment())).toList();
    }

    private String done() {
        return switch (how) {
            case SPLIT -> "split";
            case MERGE -> "merged";
            case MOVE -> "moved";
        };
    }

    @Override
    public String toString() {
        return how.name().toLowerCase(Locale.ROOT) + " a segment of " + PROCESSOR;
    }
}
