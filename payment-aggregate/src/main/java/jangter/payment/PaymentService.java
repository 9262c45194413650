package jangter.payment;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The payment service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class PaymentService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "payment";
}
