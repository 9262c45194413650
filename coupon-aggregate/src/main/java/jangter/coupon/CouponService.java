package jangter.coupon;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The coupon service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class CouponService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "coupon";
}
