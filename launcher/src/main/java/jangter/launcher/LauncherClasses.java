package jangter.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How a process of the launcher finds its classes.
 *
 * @param options of the java command, up to the main class
 */
record LauncherClasses(List<String> options) {

    private static final String JAR_LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";
    private static final String OWN = "BOOT-INF/classes/";
    private static final String LIBRARIES = "BOOT-INF/lib/";

    LauncherClasses {
        options = List.copyOf(options);
    }

    /** As this JVM does. In the runnable jar our classes are reached through its own launcher. */
    static LauncherClasses asTheyAre() {
        return new LauncherClasses(List.of("-cp", System.getProperty("java.class.path"), isRunnableJar() ? JAR_LAUNCHER : Launcher.class.getName()));
    }

    /**
     * As plain jars, with an archive of all that is loaded when everything is started once: then a process starts in half the time, which
     * counts where many do.
     */
    static LauncherClasses archivedIn(Path folder) {
        try {
            Files.createDirectories(folder);
            String jars = isRunnableJar() ? unpacked(Path.of(System.getProperty("java.class.path")), folder) : packed(folder);
            Path archive = folder.resolve("classes.jsa");
            LauncherClasses recording = new LauncherClasses(List.of("-XX:ArchiveClassesAtExit=" + archive, "-cp", jars, Launcher.class.getName()));
            JangterProcess.start(recording, folder.resolve("recording.log"), JangterProcess.freePort(), Map.of("JANGTER_DATA", folder.resolve("data").toString()))
                    .awaitHealthy().stop();
            return new LauncherClasses(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-cp", jars, Launcher.class.getName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRunnableJar() {
        return String.valueOf(Launcher.class.getResource("Launcher.class")).contains(OWN);
    }

    private static String unpacked(Path runnable, Path folder) throws IOException {
        List<String> jars = new ArrayList<>();
        Path own = folder.resolve("own.jar");
        jars.add(own.toString());
        try (JarFile jar = new JarFile(runnable.toFile()); JarOutputStream classes = new JarOutputStream(Files.newOutputStream(own))) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements();) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                try (InputStream content = jar.getInputStream(entry)) {
                    if (name.startsWith(OWN) && !entry.isDirectory()) {
                        put(classes, name.substring(OWN.length()), content);
                    } else if (name.startsWith(LIBRARIES) && name.endsWith(".jar")) {
                        Path library = folder.resolve(name.substring(LIBRARIES.length()));
                        Files.copy(content, library);
                        jars.add(library.toString());
                    }
                }
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static String packed(Path folder) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(element);
            if (Files.isDirectory(path)) {
                path = packed(path, folder.resolve("own-" + jars.size() + ".jar"));
            }
            jars.add(path.toString());
        }
        return String.join(File.pathSeparator, jars);
    }

    private static Path packed(Path classes, Path into) throws IOException {
        try (OutputStream file = Files.newOutputStream(into); JarOutputStream jar = new JarOutputStream(file); Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(path -> !path.equals(classes)).sorted().toList()) {
                String name = classes.relativize(each).toString().replace('\\', '/');
                try (InputStream content = Files.isDirectory(each) ? InputStream.nullInputStream() : Files.newInputStream(each)) {
                    // folders too: Spring looks for classes by them
                    put(jar, Files.isDirectory(each) ? name + "/" : name, content);
                }
            }
        }
        return into;
    }

    private static void put(JarOutputStream jar, String name, InputStream content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        content.transferTo(jar);
        jar.closeEntry();
    }
}
