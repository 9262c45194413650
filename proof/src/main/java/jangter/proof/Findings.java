package jangter.proof;

import java.util.ArrayList;
import java.util.List;

/** The violations found so far. Of very many only the first are kept, and all are counted. */
final class Findings {

    private final List<Violation> violations = new ArrayList<>();
    private long found;
    private long events;

    void add(Invariant invariant, Object concerns, String what) {
        if (found++ < Report.MOST_VIOLATIONS) {
            violations.add(new Violation(invariant, concerns.toString(), what, events));
        }
    }

    void nextEvent() {
        events++;
    }

    long events() {
        return events;
    }

    long found() {
        return found;
    }

    List<Violation> violations() {
        return violations;
    }

    Findings copy() {
        Findings copy = new Findings();
        copy.violations.addAll(violations);
        copy.found = found;
        copy.events = events;
        return copy;
    }
}
