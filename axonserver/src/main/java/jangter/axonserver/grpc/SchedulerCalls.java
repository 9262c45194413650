package jangter.axonserver.grpc;

import io.axoniq.axonserver.grpc.InstructionAck;
import io.axoniq.axonserver.grpc.event.CancelScheduledEventRequest;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventSchedulerGrpc;
import io.axoniq.axonserver.grpc.event.RescheduleEventRequest;
import io.axoniq.axonserver.grpc.event.ScheduleEventRequest;
import io.axoniq.axonserver.grpc.event.ScheduleToken;
import io.grpc.stub.StreamObserver;
import jangter.axonserver.scheduling.EventScheduler;
import jangter.axonserver.store.NewEvent;
import jangter.axonserver.store.ScheduledEvent;

import java.util.UUID;

final class SchedulerCalls extends EventSchedulerGrpc.EventSchedulerImplBase {

    private final EventScheduler scheduler;

    SchedulerCalls(EventScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void scheduleEvent(ScheduleEventRequest request, StreamObserver<ScheduleToken> response) {
        schedule(UUID.randomUUID().toString(), request.getInstant(), request.getEvent(), response);
    }

    @Override
    public void rescheduleEvent(RescheduleEventRequest request, StreamObserver<ScheduleToken> response) {
        String token = request.getToken().isEmpty() ? UUID.randomUUID().toString() : request.getToken();
        schedule(token, request.getInstant(), request.getEvent(), response);
    }

    private void schedule(String token, long instant, Event event, StreamObserver<ScheduleToken> response) {
        Calls.answer(response, scheduler.schedule(new ScheduledEvent(token, instant, NewEvent.parse(event.toByteArray())))
                .thenApply(done -> ScheduleToken.newBuilder().setToken(token).build()));
    }

    @Override
    public void cancelScheduledEvent(CancelScheduledEventRequest request, StreamObserver<InstructionAck> response) {
        Calls.answer(response, scheduler.cancel(request.getToken())
                .thenApply(done -> InstructionAck.newBuilder().setSuccess(true).build()));
    }
}
