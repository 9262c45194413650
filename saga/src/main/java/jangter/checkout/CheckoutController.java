package jangter.checkout;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.checkout.Checkout.State;
import jangter.checkout.api.CheckoutEvent;
import jangter.checkout.api.CheckoutEvent.CompensationRequested;
import jangter.checkout.api.CheckoutEvent.ParkingRequested;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutRefusal;
import jangter.kernel.CustomerId;
import jangter.kernel.OrderId;
import jangter.platform.http.Attempt;
import jangter.platform.http.Once;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.http.Staff;
import jangter.platform.messaging.Events;
import jangter.platform.mongo.Databases;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The operators' door to the checkouts. */
@RestController
@RequestMapping("/checkouts")
@Tag(name = "Checkouts")
class CheckoutController {

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Checkouts checkouts;
    private final Events events;
    private final Once once;
    private final Overviews overviews;

    CheckoutController(Checkouts checkouts, Events events, Databases databases, Overviews overviews) {
        this.checkouts = checkouts;
        this.events = events;
        this.overviews = overviews;
        this.once = databases.of(CheckoutService.NAME).once();
    }

    @GetMapping
    @Operation(summary = "How the orders' latest payments stand, newest first; with state=PARKED those that wait for an operator")
    Mono<Page<CheckoutSummary>> page(Staff staff, @RequestParam(required = false) @Nullable State state,
            @RequestParam(required = false) @Nullable CustomerId customer,
            @Parameter(description = "How the order's id begins") @RequestParam(required = false) @Nullable String order, PageRequest request) {
        return checkouts.page(new CheckoutSearch(state, customer, order), request);
    }

    @GetMapping("/overview")
    @Operation(summary = "How the checkouts are doing")
    Mono<Overview> overview(Staff staff) {
        return overviews.now();
    }

    /** It has no time limit: while there is nothing to tell, heartbeats show that it lives. */
    @GetMapping(path = "/overview/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "How the checkouts are doing, every second")
    Flux<ServerSentEvent<Overview>> watch(Staff staff) {
        return Flux.merge(overviews.live().map(overview -> ServerSentEvent.builder(overview).build()),
                Flux.interval(HEARTBEAT).onBackpressureDrop().map(beat -> ServerSentEvent.<Overview>builder().comment("still here").build()));
    }

    @GetMapping("/{id}")
    @Operation(summary = "An order's payments, step by step")
    Mono<CheckoutDetails> show(Staff staff, @PathVariable OrderId id) {
        return checkouts.find(id);
    }

    @PostMapping("/{id}/retry")
    @Operation(summary = "Send now what the checkout waits for; a parked one goes on",
            responses = @ApiResponse(responseCode = "202", description = "It is asked for"))
    Mono<ResponseEntity<Void>> retry(Staff staff, Attempt attempt, @PathVariable OrderId id, @RequestBody ReasonRequest why) {
        return stepIn(attempt, id, why, latest -> {
            refuseIf(latest.state().hasEnded(), CheckoutRefusal.CHECKOUT_HAS_ENDED, "It has ended.");
            return new RetryRequested(latest.paymentId(), id, latest.round(), staff.id(), why.reason());
        });
    }

    @PostMapping("/{id}/compensation")
    @Operation(summary = "Have the checkout undo what it did",
            responses = @ApiResponse(responseCode = "202", description = "It is asked for"))
    Mono<ResponseEntity<Void>> compensate(Staff staff, Attempt attempt, @PathVariable OrderId id, @RequestBody ReasonRequest why) {
        return stepIn(attempt, id, why, latest -> {
            Checkout going = latest.going();
            refuseIf(going == null, CheckoutRefusal.CHECKOUT_HAS_ENDED, "It has ended.");
            refuseIf(!going.canBeUndone(), CheckoutRefusal.CHECKOUT_CANNOT_BE_UNDONE,
                    "Its order is being completed already, or it is being undone.");
            return new CompensationRequested(latest.paymentId(), id, staff.id(), why.reason());
        });
    }

    @PostMapping("/{id}/parking")
    @Operation(summary = "Hold the checkout where it is, until it is retried",
            responses = @ApiResponse(responseCode = "202", description = "It is asked for"))
    Mono<ResponseEntity<Void>> park(Staff staff, Attempt attempt, @PathVariable OrderId id, @RequestBody ReasonRequest why) {
        return stepIn(attempt, id, why, latest -> {
            refuseIf(latest.state().hasEnded(), CheckoutRefusal.CHECKOUT_HAS_ENDED, "It has ended.");
            refuseIf(!latest.state().isTimed(), CheckoutRefusal.CHECKOUT_PARKED_ALREADY, "It is parked already.");
            return new ParkingRequested(latest.paymentId(), id, latest.round(), staff.id(), why.reason());
        });
    }

    /** The checkout itself decides, when it hears of the wish; here it is only told early what would come to nothing. */
    private Mono<ResponseEntity<Void>> stepIn(Attempt attempt, OrderId id, ReasonRequest why, Function<CheckoutAttempt, CheckoutEvent> wish) {
        return once.answer(attempt, why, Void.class, () -> checkouts.latest(id).flatMap(latest -> events.publish(wish.apply(latest)))
                .thenReturn(ResponseEntity.accepted().location(URI.create("/checkouts/" + id)).build()));
    }

    private static void refuseIf(boolean futile, CheckoutRefusal refusal, String because) {
        if (futile) {
            throw refusal.because(because);
        }
    }
}
