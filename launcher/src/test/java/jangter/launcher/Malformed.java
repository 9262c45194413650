package jangter.launcher;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A request that cannot be meant: an endpoint's example, spoilt in one of many ways that its seed decides.
 *
 * @param kind how it was spoilt
 * @param target as it stands in the request's first line
 * @param header one more header, or nothing
 */
record Malformed(String kind, String target, String contentType, String header, byte[] body) {

    private static final List<String> ODD_TEXTS = List.of("\\ud800", "\\udfff\\ud800", "\\u0000", "\u202e\u2066", "\ufeff", "\ud83d\udc69\u200d\ud83d\udcbb", "'; drop --", "${jndi:ldap://x}",
            "{{7*7}}", "$ne", "a.b", "../../etc/passwd", "%00", "\u0130\u0131", "\uff11\uff10");
    private static final List<String> WRONG_VALUES = List.of("null", "true", "[]", "{}", "[[]]", "\"\"", "-1", "1.5", "{\"$gt\":0}");
    private static final List<String> HUGE_NUMBERS = List.of("9".repeat(400), "1e999999999", "-1e999999999", "1e-999999999", "9".repeat(20_000), "9223372036854775808",
            "0.".concat("0".repeat(900)).concat("1"), "NaN", "Infinity", "0x10", "01", "1_000", "+1");
    private static final List<String> PATH_TRICKS = List.of("/../wallets/me", "/%2e%2e/%2e%2e/orders", "//", "/./", "/;x=1", "/%00", "/%2f", "/%5c..", "/%", "/%zz",
            "/\\", "/%252e%252e", "/\u00e9\u4e2d", "/%c0%ae", "/%ff", "/" + "a".repeat(3_000), "/" + "a".repeat(20_000), "?%", "?x=%zz", "/{id}", "/*", "/**", "/|", "/\"", "/%0d%0aX: y");

    /** A thing that there is not, with an id that could be one. */
    private static final String NOBODYS = "nobodys-1";

    static Malformed of(Endpoint endpoint, long seed, Map<String, String> things) {
        Random random = new Random(seed);
        String good = endpoint.body() == null ? "{\"reason\":\"x\"}" : fill(endpoint.body(), things);
        String target = elsewhere(endpoint.example());
        String json = "application/json";
        return switch (random.nextInt(12)) {
            case 0 -> new Malformed("random bytes", target, json, "", bytes(random));
            case 1 -> new Malformed("deep JSON", target, json, "", deep(random));
            case 2 -> new Malformed("huge number", target, json, "", utf8(good.replaceAll("(?<=[:\\[])\\d+|\"[^\"]*\"(?=[,}])", pick(random, HUGE_NUMBERS))));
            case 3 -> new Malformed("wrong type", target, json, "", utf8(spoilValues(good, random)));
            case 4 -> new Malformed("odd unicode", target, json, "", utf8("{\"" + pick(random, ODD_TEXTS) + "\":\"" + pick(random, ODD_TEXTS) + "\"," + good.substring(1)));
            case 5 -> new Malformed("broken UTF-8", target, json, "", brokenText(good, random));
            case 6 -> new Malformed("torn off", target, json, "", utf8(good.substring(0, random.nextInt(good.length()))));
            case 7 -> new Malformed("said twice", target, json, "", utf8("{" + good.substring(1, good.length() - 1) + "," + good.substring(1)));
            case 8 -> new Malformed("with more after it", target, json, "", utf8(good + pick(random, List.of(good, "]", "}", "x", ",", "/**/"))));
            case 9 -> new Malformed("of another kind", target, pick(random, List.of("text/xml", "application/x-www-form-urlencoded", "text/plain",
                    "multipart/form-data; boundary=x", "application/json; charset=utf-7", "image/png", "x", "*/*", "")), "", bytes(random));
            case 10 -> new Malformed("odd header", target, json, pick(random, List.of("Idempotency-Key: a b", "Idempotency-Key: \u0001", "Idempotency-Key: " + "k".repeat(300),
                    "Idempotency-Key: \ud0a4", "Prefer: wait=99999999999999999999", "Prefer: \u0007", "Accept: x", "Accept: text/x-nothing", "traceparent: 00-x",
                    "Cookie: " + "c".repeat(20_000), "Content-Encoding: gzip", "X-\u0000: y", "Origin: null", "Range: bytes=0-")), utf8("{"));
            default -> new Malformed("path trick", target + pick(random, PATH_TRICKS), json, "", utf8("{"));
        };
    }

    byte[] bytes(String token) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(utf8("POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\n"
                + (contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n") + (header.isEmpty() ? "" : header + "\r\n")
                + "Content-Length: " + body.length + "\r\n\r\n"));
        request.writeBytes(body);
        return request.toByteArray();
    }

    @Override
    public String toString() {
        String text = new String(body, StandardCharsets.UTF_8);
        return kind + " POST " + target + " " + contentType + " " + header + " " + text.substring(0, Math.min(200, text.length()));
    }

    private static String fill(String text, Map<String, String> things) {
        String filled = text;
        for (Map.Entry<String, String> thing : things.entrySet()) {
            filled = filled.replace(thing.getKey(), thing.getValue());
        }
        return filled;
    }

    /** Not even the path leads to anything that there is: where no body is read, there is nothing else to be refused. */
    private static String elsewhere(String example) {
        return example.replace("{product}", "product-" + NOBODYS).replace("{campaign}", "campaign-" + NOBODYS).replace("{order}", "order-" + NOBODYS)
                .replace("{paid}", "order-" + NOBODYS).replace("order-views", NOBODYS);
    }

    private static String spoilValues(String good, Random random) {
        String spoilt = good.replaceAll("(?<=:)(\\d+|\"[^\"]*\")", "@");
        while (spoilt.contains("@")) {
            spoilt = spoilt.replaceFirst("@", java.util.regex.Matcher.quoteReplacement(pick(random, WRONG_VALUES)));
        }
        return pick(random, List.of(spoilt, "[" + good + "]", "\"" + good.replace("\"", "\\\"") + "\"", "null", "1", "[]", ""));
    }

    private static byte[] deep(Random random) {
        int depth = 100 + random.nextInt(20_000);
        return utf8(random.nextBoolean() ? "[".repeat(depth) + "]".repeat(depth) : "{\"amount\":".repeat(depth) + "1" + "}".repeat(depth));
    }

    private static byte[] brokenText(String good, Random random) {
        byte[] broken = utf8(good);
        broken[1 + random.nextInt(broken.length - 1)] = (byte) (0x80 + random.nextInt(0x80));
        return broken;
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(2_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
