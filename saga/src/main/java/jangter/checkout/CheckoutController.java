package jangter.checkout;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.checkout.Checkout.State;
import jangter.checkout.api.CheckoutEvent.RetryRequested;
import jangter.checkout.api.CheckoutRefusal;
import jangter.kernel.OrderId;
import jangter.platform.http.Attempt;
import jangter.platform.http.Once;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.http.Staff;
import jangter.platform.messaging.Events;
import jangter.platform.mongo.Databases;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The operators' door to the checkouts. */
@RestController
@RequestMapping("/checkouts")
@Tag(name = "Checkouts")
class CheckoutController {

    private final Checkouts checkouts;
    private final Events events;
    private final Once once;

    CheckoutController(Checkouts checkouts, Events events, Databases databases) {
        this.checkouts = checkouts;
        this.events = events;
        this.once = databases.of(CheckoutService.NAME).once();
    }

    @GetMapping
    @Operation(summary = "How the orders' latest payments stand, newest first; with state=PARKED those that wait for an operator")
    Mono<Page<CheckoutSummary>> page(Staff staff, @RequestParam(required = false) @Nullable State state, PageRequest request) {
        return checkouts.page(state, request);
    }

    @GetMapping("/{id}")
    @Operation(summary = "An order's payments, step by step")
    Mono<CheckoutDetails> show(Staff staff, @PathVariable OrderId id) {
        return checkouts.find(id);
    }

    @PostMapping("/{id}/retry")
    @Operation(summary = "Try again what a parked checkout waits for")
    Mono<ResponseEntity<Void>> retry(Staff staff, Attempt attempt, @PathVariable OrderId id) {
        return once.answer(attempt, id, Void.class, () -> checkouts.latest(id)
                .flatMap(parked -> parked.state() == State.PARKED
                        ? events.publish(new RetryRequested(parked.paymentId(), id, parked.round(), staff.id(), null))
                        : Mono.error(CheckoutRefusal.CHECKOUT_HAS_ENDED.because("Only a parked checkout can be retried.")))
                .thenReturn(ResponseEntity.accepted().location(URI.create("/checkouts/" + id)).build()));
    }
}
