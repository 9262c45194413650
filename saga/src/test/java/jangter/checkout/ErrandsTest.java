package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.SimpleEventBus;
import org.axonframework.eventhandling.gateway.DefaultEventGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ErrandsTest {

    private static final Pace HASTY = new Pace(Duration.ofMillis(20), Duration.ofMillis(20), 2, 2, Duration.ofMinutes(1));

    private final Errands errands = new Errands(withoutAnswer(), DefaultEventGateway.builder().eventBus(SimpleEventBus.builder().build()).build(),
            new SimpleMeterRegistry(), HASTY);

    @Test
    void a_command_is_not_waited_for(CapturedOutput output) {
        errands.run(started());

        assertThat(output).doesNotContain("payment-1");
    }

    @Test
    void a_command_that_is_sent_again_since_no_answer_came_is_told_in_the_log(CapturedOutput output) {
        Turn first = started();

        errands.run(first.checkout().on(first.timer().elapsed(), Sample.NOW, HASTY));

        assertThat(output).contains("TAKE_PAYMENT of payment-1 is sent again (attempt 2)");
    }

    private static Turn started() {
        return Checkout.start(Sample.oneLine(), Sample.REQUESTED_AT, Sample.NOW, HASTY);
    }

    private static CommandGateway withoutAnswer() {
        return (CommandGateway) Proxy.newProxyInstance(ErrandsTest.class.getClassLoader(), new Class<?>[] {CommandGateway.class},
                (proxy, method, arguments) -> null);
    }
}
