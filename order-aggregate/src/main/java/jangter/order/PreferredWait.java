package jangter.order;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code wait} preference of RFC 7240: how many seconds the client would wait for the outcome, rather than hear at once that its
 * request was accepted. At most {@value #MOST} are granted. As the RFC wants it, one that makes no sense counts as not stated, and of
 * several the first holds.
 */
record PreferredWait(int seconds) {

    static final int MOST = 30;

    private static final Pattern WAIT = Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d{1,18})\"?\\s*(;.*)?");

    /** @param headers the request's {@code Prefer} headers */
    static Optional<PreferredWait> in(List<String> headers) {
        return headers.stream().flatMap(header -> Arrays.stream(header.split(",")))
                .map(preference -> WAIT.matcher(preference.toLowerCase(Locale.ROOT)))
                .filter(Matcher::matches).map(wait -> Long.parseLong(wait.group(1))).findFirst()
                .filter(seconds -> seconds > 0).map(seconds -> new PreferredWait((int) Math.min(seconds, MOST)));
    }

    Duration time() {
        return Duration.ofSeconds(seconds);
    }

    /** The value of {@code Preference-Applied}. */
    String applied() {
        return "wait=" + seconds;
    }
}
