package jangter.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param size how many items, from 1 to {@value #MOST}
 * @param cursor where to go on, as the page before told it; null for the first page. Hostile until checked.
 */
public record PageRequest(int size, @Nullable String cursor) {

    public static final int MOST = 100;
    public static final int USUAL = 20;
}
