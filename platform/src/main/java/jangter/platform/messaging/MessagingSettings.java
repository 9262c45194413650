package jangter.platform.messaging;

import jangter.kernel.Require;
import jangter.platform.mongo.Edition;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service's messages are handled, under {@code jangter.messaging}.
 *
 * @param commandTimeout how long the answer to a command may take
 * @param segments into how many parts each event processor is divided at its first start: so many instances or threads can share it
 * @param snapshotEvery after how many events of an aggregate a snapshot is taken
 * @param aggregatesInMemory how many aggregates an instance keeps in memory
 * @param gatherViews how long a view gathers events after a first one, which are then written together: by so much it is later; five times as long while
 *     many commands are handled in the same process
 * @param gatherAwaitedViews the same for {@link AwaitedViews}
 * @param gatherOutcomes the same once as many outcomes that somebody waits for were published, of a checkout for instance, as the last batch held: by then they
 *     can be read
 * @param gatherSettlements the same for what lets go of completed payments, which nobody waits for
 * @param gatherSagas the same for sagas: by so much each step of a checkout is later
 * @param saveSagas how long sagas may be ahead of what is stored of them while events come. Who is killed meanwhile has the events of that time come again,
 *     and sends the commands that they led to again; a checkout that ends within it is never stored but as a mark.
 */
@ConfigurationProperties("jangter.messaging")
record MessagingSettings(@DefaultValue("5s") Duration commandTimeout, @DefaultValue("2") int segments,
        @DefaultValue("200") int snapshotEvery, @DefaultValue("20000") int aggregatesInMemory, @DefaultValue("200ms") Duration gatherViews,
        @DefaultValue("25ms") Duration gatherAwaitedViews, @DefaultValue("2ms") Duration gatherOutcomes,
        @DefaultValue("1s") Duration gatherSettlements, @DefaultValue("0ms") Duration gatherSagas, @DefaultValue("200ms") Duration saveSagas) {

    /** So many times as long. */
    private static final int BEHIND_COMMANDS = 5;
    private static final Duration LONGEST_GATHERING = Duration.ofSeconds(2);
    /** A claim is extended by saving, and must be long before it would be lost. */
    private static final Duration LONGEST_UNSAVED = Duration.ofSeconds(1);

    MessagingSettings {
        Require.that(commandTimeout.compareTo(Duration.ofMillis(1)) >= 0, "jangter.messaging.command-timeout", "must be longer than no time");
        Require.between("jangter.messaging.segments", segments, 1, 64);
        Require.between("jangter.messaging.snapshot-every", snapshotEvery, 1, 1_000_000);
        Require.between("jangter.messaging.aggregates-in-memory", aggregatesInMemory, 0, 10_000_000);
        Require.that(isGathering(gatherViews), "jangter.messaging.gather-views", "must be no more than two seconds");
        Require.that(isGathering(gatherAwaitedViews), "jangter.messaging.gather-awaited-views", "must be no more than two seconds");
        Require.that(isGathering(gatherOutcomes), "jangter.messaging.gather-outcomes", "must be no more than two seconds");
        Require.that(isGathering(gatherSettlements), "jangter.messaging.gather-settlements", "must be no more than two seconds");
        Require.that(isGathering(gatherSagas), "jangter.messaging.gather-sagas", "must be no more than two seconds");
        Require.that(!saveSagas.isNegative() && saveSagas.compareTo(LONGEST_UNSAVED) <= 0, "jangter.messaging.save-sagas", "must be no more than one second");
    }

    /** The same while many commands are handled in the same process, which views step back from: nobody reads as soon as somebody is told. */
    Duration gatherBehindCommands(String group, @Nullable AwaitedViews views) {
        Duration usual = gather(group, views != null);
        boolean stepsBack = Edition.isOfViews(group) && (views == null || !views.inARushToo());
        return stepsBack ? shorter(gatherViews.multipliedBy(BEHIND_COMMANDS), LONGEST_GATHERING) : usual;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static boolean isGathering(Duration time) {
        return !time.isNegative() && time.compareTo(LONGEST_GATHERING) <= 0;
    }

    /**
     * For how long the events of a batch are gathered by the processors of that group.
     *
     * @param isAwaited whether its views are awaited
     */
    Duration gather(String group, boolean isAwaited) {
        return isAwaited ? gatherAwaitedViews : Edition.isOfViews(group) ? gatherViews : group.endsWith("-settlement") ? gatherSettlements : gatherSagas;
    }
}
