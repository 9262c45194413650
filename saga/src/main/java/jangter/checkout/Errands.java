package jangter.checkout;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jangter.checkout.Checkout.State;
import jangter.checkout.Turn.Ask;
import jangter.checkout.api.CheckoutEvent.CheckoutHeld;
import jangter.checkout.api.CheckoutEvent.CheckoutParked;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Runs a saga's errands: sends what its checkout asks for, publishes what it tells, counts how it ends.
 *
 * <p>A command is sent and not waited for. That is not to forget it: its answer is an event, and the checkout's timer sends it again if
 * none comes. So a command that fails is only logged, and so is one that is sent again.
 */
@Component
class Errands {

    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
    private static final String METER = "jangter.checkout";

    private final CommandGateway commands;
    private final EventGateway events;
    private final MeterRegistry meters;
    private final Pace pace;

    Errands(CommandGateway commands, EventGateway events, MeterRegistry meters, Pace pace) {
        this.commands = commands;
        this.events = events;
        this.meters = meters;
        this.pace = pace;
    }

    Pace pace() {
        return pace;
    }

    Instant now() {
        return GenericEventMessage.clock.instant();
    }

    void run(Turn turn) {
        turn.asks().forEach(ask -> send(turn.checkout(), ask));
        turn.told().forEach(events::publish);
        State state = turn.checkout().state();
        if (state.hasEnded() || turn.told().stream().anyMatch(told -> told instanceof CheckoutParked || told instanceof CheckoutHeld)) {
            count(turn.checkout());
        }
    }

    private void send(Checkout checkout, Ask ask) {
        try {
            if (ask.attempt() > 1) {
                LOG.warn("{} of {} is sent again (attempt {}): no answer came in time", ask.part().step(), checkout.paymentId(), ask.attempt());
            }
            commands.send(ask.command(), (command, result) -> result.optionalExceptionResult().ifPresent(failure -> tell(checkout, ask, failure)));
        } catch (RuntimeException unsendable) {
            tell(checkout, ask, unsendable);
        }
    }

    private static void tell(Checkout checkout, Ask ask, Throwable failure) {
        LOG.warn("{} of {} was sent in vain (attempt {}): {}", ask.part().step(), checkout.paymentId(), ask.attempt(), failure.toString());
    }

    private void count(Checkout checkout) {
        Timer.builder(METER).description("From the customer's wish to pay to the end of the checkout, or to its parking")
                .tag("outcome", tag(checkout.state())).tag("reason", checkout.reason() == null ? "none" : tag(checkout.reason()))
                .register(meters).record(Duration.between(checkout.requestedAt(), now()));
    }

    private static String tag(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
