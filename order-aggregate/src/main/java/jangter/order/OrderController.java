package jangter.order;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.RefusedException;
import jangter.order.api.OrderCommand.CancelOrder;
import jangter.order.api.OrderCommand.PlaceOrder;
import jangter.order.api.OrderCommand.RequestPayment;
import jangter.order.api.OrderQuery.Standing;
import jangter.order.api.OrderRefusal;
import jangter.order.api.OrderStatus;
import jangter.platform.http.Attempt;
import jangter.platform.http.Caller;
import jangter.platform.http.Once;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.messaging.Commands;
import jangter.platform.mongo.Databases;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The customers' door to their orders. Another's order is answered as one that does not exist. */
@RestController
@RequestMapping("/orders")
@Tag(name = "Orders")
class OrderController {

    private static final Logger LOG = LoggerFactory.getLogger(OrderController.class);

    private final OrderPricing pricing;
    private final Orders orders;
    private final OrderFollowing following;
    private final Commands commands;
    private final Once once;
    private final Clock clock;
    private final OrderSettings settings;

    OrderController(OrderPricing pricing, Orders orders, OrderFollowing following, Commands commands, Databases databases, Clock clock,
            OrderSettings settings) {
        this.pricing = pricing;
        this.orders = orders;
        this.following = following;
        this.commands = commands;
        this.once = databases.of(OrderService.NAME).once();
        this.clock = clock;
        this.settings = settings;
    }

    @PostMapping
    @Operation(summary = "Place an order",
            responses = @ApiResponse(responseCode = "201", description = "Placed", useReturnTypeSchema = true))
    Mono<ResponseEntity<OrderDetails>> place(Caller caller, Attempt attempt, @RequestBody OrderRequest request) {
        return once.answer(attempt, request, OrderDetails.class, () -> place(caller, OrderId.of(attempt.uuid("order")), request)
                .map(order -> ResponseEntity.created(location(order.orderId())).body(order)));
    }

    @GetMapping
    @Operation(summary = "Your orders, newest first")
    Mono<Page<OrderSummary>> page(Caller caller, PageRequest request) {
        return orders.page(caller.id(), request);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One of your orders")
    Mono<OrderDetails> show(Caller caller, @PathVariable OrderId id) {
        return orders.own(caller.id(), id);
    }

    @PostMapping("/{id}/payment")
    @Operation(summary = "Pay an order", responses = {
        @ApiResponse(responseCode = "202", description = "Accepted; the order tells how it goes on", useReturnTypeSchema = true),
        @ApiResponse(responseCode = "200", useReturnTypeSchema = true,
                description = "The outcome, if asked for with Prefer: wait=N and there within N (at most 30) seconds")})
    Mono<ResponseEntity<OrderStanding>> pay(Caller caller, Attempt attempt, @PathVariable OrderId id,
            @RequestHeader(name = "Prefer", required = false) @Nullable List<String> preferences) {
        PaymentId payment = PaymentId.of(attempt.uuid("payment"));
        Mono<ResponseEntity<OrderStanding>> accepted = once.answer(attempt, id, OrderStanding.class,
                () -> commands.send(new RequestPayment(id, payment, caller.id())).thenReturn(accepted(id, payment)));
        return PreferredWait.in(preferences == null ? List.of() : preferences)
                .map(wait -> following.outcome(id, payment, outcome -> accepted.flatMap(answer -> inTime(outcome, payment, wait.time()).defaultIfEmpty(answer)))
                        .map(answer -> applied(wait, answer)))
                .orElse(accepted);
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Cancel a pending order", responses = @ApiResponse(responseCode = "204", description = "Cancelled"))
    Mono<ResponseEntity<Void>> cancel(Caller caller, @PathVariable OrderId id) {
        return commands.send(new CancelOrder(id, caller.id())).thenReturn(ResponseEntity.noContent().build());
    }

    /**
     * A client that reconnects tells what it saw last. Where that was final, 204 ends its reconnecting.
     *
     * <p>The stream has no time limit but the order's: while there is nothing to tell, heartbeats show that it lives.
     */
    @GetMapping(path = "/{id}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "Follow an order: how it stands now and at each change, until it stands so for good")
    Mono<ResponseEntity<Flux<ServerSentEvent<OrderStanding>>>> stream(Caller caller, @PathVariable OrderId id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String seen) {
        return orders.ownStanding(caller.id(), id).map(known -> known.status().isFinal() && eventId(known).equals(seen)
                ? ResponseEntity.noContent().build()
                : ResponseEntity.ok(withHeartbeats(following.follow(id).map(OrderController::event))));
    }

    private Mono<OrderDetails> place(Caller caller, OrderId id, OrderRequest request) {
        Instant payBy = clock.instant().plus(settings.unpaidFor()).truncatedTo(ChronoUnit.MILLIS);
        return pricing.quote(caller.id(), request)
                .flatMap(quote -> commands.<Instant>send(new PlaceOrder(id, caller.id(), quote.basket(), payBy))
                        .map(limit -> OrderDetails.placed(id, quote, limit)))
                .onErrorResume(RefusedException.class,
                        refused -> isTaken(refused) ? repeated(caller, id, request, refused) : Mono.error(refused));
    }

    /** The order was placed before under the same key, and a price has changed since: it stays as it was placed. */
    private Mono<OrderDetails> repeated(Caller caller, OrderId id, OrderRequest request, RefusedException refused) {
        return orders.own(caller.id(), id).filter(request::isFor).switchIfEmpty(Mono.error(refused));
    }

    private static boolean isTaken(RefusedException refused) {
        return refused.refusal().code().equals(OrderRefusal.ORDER_EXISTS.code());
    }

    /** The outcome if it comes in time. The payment goes on whether or not it can be followed. */
    private static Mono<ResponseEntity<OrderStanding>> inTime(Mono<Standing> outcome, PaymentId payment, Duration time) {
        return outcome.take(time)
                .map(standing -> ResponseEntity.ok().location(location(standing.orderId())).body(OrderStanding.of(standing)))
                .onErrorResume(failure -> {
                    LOG.warn("The outcome of {} cannot be waited for: {}", payment, failure.toString());
                    return Mono.empty();
                });
    }

    private static <T> ResponseEntity<T> applied(PreferredWait wait, ResponseEntity<T> answer) {
        return ResponseEntity.status(answer.getStatusCode()).headers(answer.getHeaders()).header("Preference-Applied", wait.applied())
                .body(answer.getBody());
    }

    private static ResponseEntity<OrderStanding> accepted(OrderId id, PaymentId payment) {
        return ResponseEntity.accepted().location(location(id)).body(new OrderStanding(id, OrderStatus.PAYING, payment, null, null));
    }

    private static URI location(OrderId id) {
        return URI.create("/orders/" + id);
    }

    private Flux<ServerSentEvent<OrderStanding>> withHeartbeats(Flux<ServerSentEvent<OrderStanding>> events) {
        Flux<ServerSentEvent<OrderStanding>> heartbeats = Flux.interval(settings.heartbeat()).onBackpressureDrop()
                .map(beat -> ServerSentEvent.<OrderStanding>builder().comment("still here").build());
        return events.publish(shared -> Flux.merge(shared, heartbeats.takeUntilOther(shared.ignoreElements())));
    }

    private static ServerSentEvent<OrderStanding> event(Standing standing) {
        return ServerSentEvent.builder(OrderStanding.of(standing)).id(eventId(standing)).build();
    }

    private static String eventId(Standing standing) {
        return Long.toString(standing.version());
    }
}
