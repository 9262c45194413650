package jangter.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.platform.ServiceTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.spring.stereotype.Saga;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

/** A saga in a service in which most of what is told is nothing to it. */
@ServiceTest(SelectiveSagasTest.Office.class)
class SelectiveSagasTest {

    private static final List<String> HEARD = new CopyOnWriteArrayList<>();

    interface Told {
        String name();
    }

    record Opened(String name) implements Told {
    }

    record Renamed(String name) implements Told {
    }

    record Closed(String name) implements Told {
    }

    record Weather(String name) {
    }

    @Configuration(proxyBeanMethods = false)
    static class Office {

        @Bean
        @Scope("prototype")
        FileSaga fileSaga() {
            return new FileSaga();
        }

        @Bean("fileSaga$$Registrar")
        ConfigurerModule registrar(SagaStore<Object> sagas) {
            return SelectiveSagas.registrar(FileSaga.class, sagas);
        }
    }

    @Saga
    @ProcessingGroup("saga-files")
    public static class FileSaga {

        @StartSaga
        @SagaEventHandler(associationProperty = "name")
        void on(Opened event) {
            HEARD.add("opened " + event.name());
        }

        @EndSaga
        @SagaEventHandler(associationProperty = "name")
        void on(Closed event) {
            HEARD.add("closed " + event.name());
        }
    }

    @Autowired
    EditionProcessors processors;

    @Autowired
    EventGateway events;

    @Test
    void it_hears_what_it_handles_and_says_that_the_rest_is_nothing_to_it() {
        await().until(() -> processors.all().get("saga-files").isRunning());
        events.publish(new Weather("rain"), new Opened("a"), new Renamed("a"), new Weather("sun"), new Closed("a"));
        await().until(() -> HEARD.size() == 2);
        assertThat(HEARD).containsExactly("opened a", "closed a");
        assertThat(List.of(Opened.class, Closed.class, Renamed.class, Weather.class, Told.class))
                .filteredOn(type -> processors.concerns(processors.all().get("saga-files"), type))
                .containsExactly(Opened.class, Closed.class);
    }
}
