package jangter.console;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The console, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
@EnableConfigurationProperties(ConsoleSettings.class)
public class ConsoleService {

    /** What the service is called. */
    public static final String NAME = "console";
}
