package jangter.platform.messaging;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.Set;

/**
 * Axon asks for six percentiles of each of its timers, of which there are some for each processor and type of event. Each message would be
 * written to several histograms for figures that cannot be put together over instances; how many, how long and the longest are left.
 */
final class PlainTimers implements MeterFilter {

    private static final Set<String> AXONS = Set.of("allTimer", "successTimer", "failureTimer", "ignoredTimer");
    private static final DistributionStatisticConfig PLAIN = DistributionStatisticConfig.builder().percentiles(new double[0]).build();

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig asked) {
        return AXONS.contains(id.getName().substring(id.getName().lastIndexOf('.') + 1)) ? PLAIN.merge(asked) : asked;
    }
}
