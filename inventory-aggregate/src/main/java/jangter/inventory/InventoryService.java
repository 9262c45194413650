package jangter.inventory;

import jangter.platform.security.Door;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The inventory service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class InventoryService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "inventory";

    /** What there is to buy may be seen by anyone. */
    @Bean
    Door shopWindow() {
        return Door.openToRead("/products/**");
    }
}
