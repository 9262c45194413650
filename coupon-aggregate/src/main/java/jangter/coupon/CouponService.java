package jangter.coupon;

import jangter.platform.http.Limited;
import jangter.platform.security.Door;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** The coupon service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class CouponService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "coupon";

    @Bean
    Limited couponIssue() {
        return new Limited("coupon-issue", HttpMethod.POST, "/campaigns/{id}/coupons");
    }

    /** What campaigns there are may be seen by anyone. */
    @Bean
    Door posters() {
        return Door.openToRead("/campaigns/**");
    }
}
