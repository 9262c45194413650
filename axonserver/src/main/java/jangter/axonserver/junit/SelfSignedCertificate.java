package jangter.axonserver.junit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate for {@code 127.0.0.1}, good for two days, and its key, for tests of TLS.
 *
 * @param certificate PEM file, also what a client trusts
 * @param key PEM file
 */
public record SelfSignedCertificate(Path certificate, Path key) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Makes one, with the JDK's keytool, in that folder. */
    public static SelfSignedCertificate in(Path folder) {
        Path keys = folder.resolve("keys.p12");
        SelfSignedCertificate made = new SelfSignedCertificate(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        try {
            Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                    "-alias", "server", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1",
                    "-validity", "2", "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", new String(PASSWORD)).inheritIO().start();
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool made no certificate");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keys)) {
                store.load(in, PASSWORD);
            }
            Files.writeString(made.certificate, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
            Files.writeString(made.key, pem("PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded()));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, Base64.getMimeEncoder().encodeToString(der));
    }
}
