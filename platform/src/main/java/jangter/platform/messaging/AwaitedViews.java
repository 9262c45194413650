package jangter.platform.messaging;

/**
 * Views that customers wait for: they are to see each of their steps as soon as it was made. As a bean it says so of one processing group;
 * other views may be a little late.
 *
 * @param group the processing group that writes them
 * @param inARushToo whether somebody waits for them with the request still open, so that they are not late either while many commands are handled
 */
public record AwaitedViews(String group, boolean inARushToo) {
}
