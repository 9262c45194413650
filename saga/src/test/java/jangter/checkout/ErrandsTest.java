package jangter.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

    private static final Pace HASTY = new Pace(Duration.ofMillis(20), Duration.ofMillis(20), 1, 1, Duration.ofMinutes(1));

    @Test
    void a_command_without_an_answer_is_not_waited_for_longer_than_until_it_is_sent_again(CapturedOutput output) {
        Errands errands = new Errands(withoutAnswer(), DefaultEventGateway.builder().eventBus(SimpleEventBus.builder().build()).build(),
                new SimpleMeterRegistry(), HASTY);

        errands.run(Checkout.start(Sample.oneLine(), Sample.REQUESTED_AT, Sample.NOW, HASTY));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(output).contains("TAKE_PAYMENT of payment-1 was sent in vain").contains("TimeoutException"));
    }

    private static CommandGateway withoutAnswer() {
        return (CommandGateway) Proxy.newProxyInstance(ErrandsTest.class.getClassLoader(), new Class<?>[] {CommandGateway.class},
                (proxy, method, arguments) -> null);
    }
}
