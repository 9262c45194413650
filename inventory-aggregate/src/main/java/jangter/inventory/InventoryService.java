package jangter.inventory;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The inventory service, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class InventoryService {

    /** What the service is called: its database, its processing groups and {@code ./run} know it by this. */
    public static final String NAME = "inventory";
}
