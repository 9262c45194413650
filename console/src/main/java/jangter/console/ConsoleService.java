package jangter.console;

import jangter.platform.security.Door;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The console, as the launcher and the tests take it in. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
@EnableConfigurationProperties(ConsoleSettings.class)
public class ConsoleService {

    /** What the service is called. */
    public static final String NAME = "console";

    /** The page can be looked at by anyone; what it shows cannot. */
    @Bean
    Door consolePage() {
        return Door.openToRead("/console", "/console/**");
    }

    @Bean
    Door consoleApi() {
        return Door.forStaff("/console/api/**");
    }
}
