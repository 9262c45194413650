package jangter.platform.messaging;

import java.util.Set;

/**
 * Views that customers wait for: they are to see each of their steps as soon as it was made. As a bean it says so of one processing group;
 * other views may be a little late.
 *
 * @param group the processing group that writes them
 * @param inARushToo whether somebody waits for them with the request still open, so that they are not late either while many commands are handled
 * @param outcomes types of events that such waiting ends with: once they are published in this process, what was gathered is written soon
 */
public record AwaitedViews(String group, boolean inARushToo, Set<Class<?>> outcomes) {

    public AwaitedViews {
        outcomes = Set.copyOf(outcomes);
    }
}
