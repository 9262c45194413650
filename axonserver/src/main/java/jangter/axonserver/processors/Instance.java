package jangter.axonserver.processors;

import io.axoniq.axonserver.grpc.control.EventProcessorInfo;
import io.axoniq.axonserver.grpc.control.EventProcessorInfo.SegmentStatus;

import java.util.List;

/** One client's instance of a processor, as it last reported it. */
public record Instance(Client client, EventProcessorInfo info) {

    List<SegmentStatus> segments() {
        return info.getSegmentStatusList();
    }

    boolean holds(int segment) {
        return segments().stream().anyMatch(status -> status.getSegmentId() == segment);
    }
}
