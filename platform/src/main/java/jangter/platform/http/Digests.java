package jangter.platform.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** SHA-256 over several strings, each with its length before it, so that no two lists of strings read the same. */
final class Digests {

    private Digests() {
    }

    static String hex(String... parts) {
        return HexFormat.of().formatHex(sha256(parts));
    }

    /** A UUID of version 8, whose bits are the maker's own. */
    static UUID uuid(String... parts) {
        ByteBuffer digest = ByteBuffer.wrap(sha256(parts));
        long high = digest.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x8000L;
        long low = digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** One like it which begins with a time, in milliseconds since 1970, as one of version 7 does: later ones come after it. */
    static UUID uuid(long millis, String... parts) {
        UUID digest = uuid(parts);
        return new UUID(millis << 16 | digest.getMostSignificantBits() & 0xFFFFL, digest.getLeastSignificantBits());
    }

    private static byte[] sha256(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                digest.update(bytes);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
