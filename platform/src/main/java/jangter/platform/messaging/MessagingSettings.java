package jangter.platform.messaging;

import jangter.kernel.Require;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service's messages are handled, under {@code jangter.messaging}.
 *
 * @param commandTimeout how long the answer to a command may take
 * @param segments into how many parts each event processor is divided at its first start: so many instances or threads can share it
 * @param snapshotEvery after how many events of an aggregate a snapshot is taken
 * @param aggregatesInMemory how many aggregates an instance keeps in memory
 */
@ConfigurationProperties("jangter.messaging")
record MessagingSettings(@DefaultValue("5s") Duration commandTimeout, @DefaultValue("2") int segments,
        @DefaultValue("200") int snapshotEvery, @DefaultValue("20000") int aggregatesInMemory) {

    MessagingSettings {
        Require.that(commandTimeout.compareTo(Duration.ofMillis(1)) >= 0, "jangter.messaging.command-timeout", "must be longer than no time");
        Require.between("jangter.messaging.segments", segments, 1, 64);
        Require.between("jangter.messaging.snapshot-every", snapshotEvery, 1, 1_000_000);
        Require.between("jangter.messaging.aggregates-in-memory", aggregatesInMemory, 0, 10_000_000);
    }
}
