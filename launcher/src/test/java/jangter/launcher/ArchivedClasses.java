package jangter.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.DigestUtils;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The launcher's classes from an archive that all tests of a build have together: who comes first makes it, which takes as long as two starts, and each of the
 * many processes that tests start takes two thirds of the time.
 */
final class ArchivedClasses {

    private static final Path FOLDER = Path.of("target", "archived-classes").toAbsolutePath();
    private static final Supplier<LauncherClasses> CLASSES = SingletonSupplier.of(ArchivedClasses::sharedWithOthers);

    private ArchivedClasses() {
    }

    static LauncherClasses get() {
        return CLASSES.get();
    }

    /** Tests run in several JVMs at once. Of what was compiled anew there is another archive. */
    private static LauncherClasses sharedWithOthers() {
        try {
            Files.createDirectories(FOLDER);
            Path folder = FOLDER.resolve(fingerprint());
            Path made = folder.resolve("options");
            try (FileChannel lock = FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                if (!Files.exists(made)) {
                    deleteOthers();
                    Files.write(made, LauncherClasses.archivedIn(folder).options());
                }
            }
            return new LauncherClasses(Files.readAllLines(made));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each is a hundred megabytes, and nobody needs those of builds before. */
    private static void deleteOthers() throws IOException {
        try (DirectoryStream<Path> before = Files.newDirectoryStream(FOLDER, Files::isDirectory)) {
            for (Path folder : before) {
                FileSystemUtils.deleteRecursively(folder);
            }
        }
    }

    private static String fingerprint() {
        String editions = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).map(ArchivedClasses::editions)
                .flatMap(List::stream).collect(Collectors.joining("\n", System.getProperty("java.vm.version"), ""));
        return DigestUtils.md5DigestAsHex(editions.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> editions(Path element) {
        try (Stream<Path> files = Files.walk(element)) {
            return files.filter(Files::isRegularFile).sorted().map(ArchivedClasses::edition).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String edition(Path file) {
        try {
            return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
