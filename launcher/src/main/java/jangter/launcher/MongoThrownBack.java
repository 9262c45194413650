package jangter.launcher;

import jangter.kernel.PaymentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Mongo is killed and comes back as it was a second before: tokens, sagas, views and kept answers. */
record MongoThrownBack() implements Fault {

    private static final Duration LOST = Duration.ofSeconds(1);

    @Override
    public Outcome happen(ChaosScene scene) {
        ChaosCluster cluster = scene.cluster();
        Path files = cluster.mongoFiles();
        Path old = files.resolveSibling("mongo-a-second-ago");
        cluster.signal(ChaosCluster.MONGO, "STOP");
        copy(files, old);
        cluster.signal(ChaosCluster.MONGO, "CONT");
        ShopClient.pause(LOST);
        Set<PaymentId> underWay = scene.log().underWay();
        long killed = System.nanoTime();
        cluster.kill(ChaosCluster.MONGO);
        copy(old, files);
        cluster.start(ChaosCluster.MONGO);
        return new Outcome("mongo thrown back by a second", scene.recover(ChaosCluster.MONGO, underWay, killed));
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to);
            try (Stream<Path> files = Files.list(from)) {
                List<Path> all = files.filter(Files::isRegularFile).toList();
                for (Path file : all) {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "throw mongo back by a second";
    }
}
