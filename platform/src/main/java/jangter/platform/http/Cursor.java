package jangter.platform.http;

import jangter.kernel.InvalidValueException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of an item in a list that runs from new to old; of equally old items the greater id comes first. Written
 * {@code 2026-05-04T09:00:00Z_order-…}.
 *
 * @param at how old the item is
 * @param id which one it is
 */
public record Cursor(Instant at, String id) implements Comparable<Cursor> {

    private static final Comparator<Cursor> NEWEST_FIRST = Comparator.comparing(Cursor::at).thenComparing(Cursor::id).reversed();
    private static final Pattern FORM = Pattern.compile("(\\d{4}-[\\d-]{5}T[\\d:.]{8,18}Z)_([A-Za-z0-9._|:-]{1,80})");

    /** Reads what a page told as {@code next} and a client sends back. */
    public static Cursor parse(String text) {
        Matcher parts = FORM.matcher(text);
        try {
            if (parts.matches()) {
                return new Cursor(Instant.parse(parts.group(1)), parts.group(2));
            }
        } catch (DateTimeException noInstant) {
            // as unreadable as any other
        }
        throw new InvalidValueException("cursor", "must be one that the page before told");
    }

    /** Whether an item stands further on in the list than that one. */
    public boolean isAfter(Cursor other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Cursor other) {
        return NEWEST_FIRST.compare(this, other);
    }

    @Override
    public String toString() {
        return at + "_" + id;
    }
}
