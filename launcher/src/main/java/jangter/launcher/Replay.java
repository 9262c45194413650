package jangter.launcher;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Lets all views be made anew from the events, as staff do, at all services at once: empty at first, and shown once they say the same. */
final class Replay {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final String PROCESSORS = "/actuator/processors";
    private static final List<String> WAITS_FOR_SOMEONE = List.of("WAITING", "FAILED", "ABANDONED");

    private final ChaosCluster cluster;

    /** How one instance stands with one segment. */
    private record Part(int segment, String position, boolean caughtUp) {
    }

    Replay(ChaosCluster cluster) {
        this.cluster = cluster;
    }

    /** Waits until every processor has handled all there is. */
    void awaitRest() {
        Map<String, String> all = new TreeMap<>();
        kinds().forEach(service -> processors(service, false).forEach(processor -> all.put(processor, service)));
        awaitRest(all);
    }

    /** At rest is what has come to the end of the events, and is where it was a moment ago. */
    private void awaitRest(Map<String, String> processors) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Map<String, List<Part>> before = Map.of();
        Map<String, List<Part>> now = parts(processors);
        while (!now.equals(before) || !now.values().stream().allMatch(Replay::isAtTheEnd)) {
            if (System.nanoTime() > end) {
                throw new CannotStartException("What reads the events does not come to rest: " + now);
            }
            ShopClient.pause(LOOK_AGAIN_AFTER);
            before = now;
            now = parts(processors);
        }
    }

    private static boolean isAtTheEnd(List<Part> parts) {
        return !parts.isEmpty() && parts.stream().allMatch(Part::caughtUp);
    }

    private Map<String, List<Part>> parts(Map<String, String> processors) {
        Map<String, List<Part>> found = new TreeMap<>();
        processors.forEach((processor, service) -> found.put(processor, cluster.instances(service).stream()
                .flatMap(instance -> parts(at(instance).getAsStaff(PROCESSORS + "/" + processor)).stream()).toList()));
        return found;
    }

    private static List<Part> parts(JsonNode processor) {
        String state = processor.path("rebuild").path("state").asString("SWITCHED");
        if (WAITS_FOR_SOMEONE.contains(state)) {
            throw new CannotStartException("The view " + processor.get("name").asString() + " was not replaced: " + processor.get("rebuild"));
        }
        return processor.get("segments").valueStream().filter(segment -> segment.get("here").asBoolean()).map(segment -> new Part(segment.get("segment").asInt(), segment.get("position").toString(),
                segment.get("caughtUp").asBoolean() && state.equals("SWITCHED"))).toList();
    }

    /** @return the views that were made anew */
    List<String> everything() {
        Map<String, String> views = new TreeMap<>();
        kinds().forEach(service -> processors(service, true).forEach(view -> views.put(view, service)));
        views.forEach(this::reset);
        awaitRest(views);
        return List.copyOf(views.keySet());
    }

    private void reset(String view, String service) {
        at(cluster.instances(service).get(0)).postAsStaff(PROCESSORS + "/" + view, Map.of("action", "reset"));
    }

    private List<String> processors(String service, boolean onlyViews) {
        JsonNode all = at(cluster.instances(service).get(0)).getAsStaff(PROCESSORS);
        return all.valueStream().filter(processor -> !onlyViews || processor.get("replayable").asBoolean()).map(processor -> processor.get("name").asString()).toList();
    }

    private List<String> kinds() {
        return cluster.services().stream().map(ChaosCluster::kind).distinct().toList();
    }

    private ShopClient at(String instance) {
        return cluster.clientOf(instance);
    }
}
