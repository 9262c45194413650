package jangter.launcher.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.Set;

/** The signing key, made at the first start and kept in a file that its owner alone can read, from its first byte on. */
final class KeyFile {

    private static final Set<PosixFilePermission> OWNER_ALONE = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int BITS = 2048;

    private final Path file;

    /** @param data the folder of the embedded parts */
    KeyFile(Path data) {
        this.file = data.resolve("issuer").resolve("key.json").toAbsolutePath().normalize();
    }

    RSAKey key() {
        try {
            if (!Files.exists(file)) {
                make();
            }
            if (hasPermissions() && !OWNER_ALONE.containsAll(Files.getPosixFilePermissions(file))) {
                throw new UnusableKeyException("Others than its owner can read or write " + file + ". Delete it, and a new key is made.");
            }
            return RSAKey.parse(Files.readString(file));
        } catch (IOException unusable) {
            throw new UnusableKeyException("Cannot read or write " + file + ". Make the folder writable, or choose another with JANGTER_DATA.");
        } catch (ParseException damaged) {
            throw new UnusableKeyException("There is no key in " + file + ". Delete it, and a new one is made.");
        }
    }

    /** Moved into place once it is whole, so that a kill leaves all of it or nothing. */
    private void make() throws IOException {
        Files.createDirectories(file.getParent());
        Path draft = Files.createTempFile(file.getParent(), "key", ".new", ownerAlone());
        Files.writeString(draft, newKey().toJSONString());
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private FileAttribute<?>[] ownerAlone() {
        return hasPermissions() ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ALONE)} : new FileAttribute<?>[0];
    }

    private boolean hasPermissions() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(BITS).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.RS256).keyIDFromThumbprint(true).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform has RSA", e);
        }
    }
}
