package jangter.platform.messaging;

import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.config.SagaConfiguration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.SagaManagerSpanFactory;
import org.axonframework.modelling.saga.SagaRepository;
import org.axonframework.modelling.saga.repository.SagaStore;

/**
 * Manages a type's sagas and knows which types of events are nothing to them, so that Axon Server is told not to send those. Axon's own takes every
 * type for one that could matter, and a saga reads, and throws away, all that is ever published.
 */
public final class SelectiveSagas<T> extends AnnotatedSagaManager<T> {

    private SelectiveSagas(Builder<T> builder) {
        super(builder);
    }

    /**
     * Registers a saga that is kept in that store. As a bean called {@code <bean name of the saga>$$Registrar} it takes the place of the one that
     * Axon would make.
     */
    public static <T> ConfigurerModule registrar(Class<T> saga, SagaStore<Object> store) {
        return configurer -> configurer.eventProcessing().registerSaga(saga, registered -> registered
                .configureSagaStore(configuration -> store)
                .configureSagaManager(configuration -> manager(saga, configuration)));
    }

    private static <T> SelectiveSagas<T> manager(Class<T> saga, Configuration configuration) {
        EventProcessingConfiguration processing = configuration.eventProcessingConfiguration();
        SagaConfiguration<T> registered = registered(saga, processing);
        Builder<T> builder = AnnotatedSagaManager.<T>builder().sagaType(saga)
                .sagaRepository(registered.repository())
                .parameterResolverFactory(configuration.parameterResolverFactory())
                .handlerDefinition(configuration.handlerDefinition(saga))
                .listenerInvocationErrorHandler(processing.listenerInvocationErrorHandler(registered.processingGroup()))
                .spanFactory(configuration.getComponent(SagaManagerSpanFactory.class));
        return new SelectiveSagas<>(builder);
    }

    @SuppressWarnings("unchecked")
    private static <T> SagaConfiguration<T> registered(Class<T> saga, EventProcessingConfiguration processing) {
        return (SagaConfiguration<T>) processing.sagaConfigurations().stream().filter(known -> known.type() == saga).findFirst().orElseThrow();
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return canHandle(new GenericEventMessage<>(new GenericMessage<>(payloadType, null, MetaData.emptyInstance()), GenericEventMessage.clock::instant),
                Segment.ROOT_SEGMENT);
    }
}
