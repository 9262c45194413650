package jangter.platform.messaging;

import java.util.Set;

/**
 * Events after which hardly anything is asked of their aggregate any more: it leaves memory, so that those stay of which more will be. Whatever is asked of
 * it all the same has it read anew.
 */
public record Concluding(Set<Class<?>> events) {

    public Concluding {
        events = Set.copyOf(events);
    }
}
