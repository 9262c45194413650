package jangter.proof;

import jangter.coupon.api.CouponCommand.IssueCoupon;
import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.coupon.api.CouponCommand.RestoreCoupon;
import jangter.coupon.api.CouponCommand.UseCoupon;
import jangter.coupon.api.CouponEvent.CouponIssued;
import jangter.inventory.api.InventoryCommand;
import jangter.kernel.RefusedException;
import jangter.order.api.OrderCommand;
import jangter.payment.api.PaymentCommand;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.Registration;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.FixedValueParameterResolver;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.modelling.command.inspection.AggregateModel;
import org.axonframework.modelling.command.inspection.AnnotatedAggregateMetaModelFactory;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates' real rules, without a bus, a store or a thread: a command and the events of its aggregate in, new events out.
 *
 * <p>Not the classes are named here but their names, since they are their packages' own.
 */
final class Contexts {

    private static final ParameterResolverFactory PARAMETERS = MultiParameterResolverFactory.ordered(
            ClasspathParameterResolverFactory.forClass(Contexts.class), Contexts::firstEvents);
    private static final Map<Class<?>, Rule> RULES = new HashMap<>();
    /** What the command at hand brings about, on the thread that handles it. */
    private static final ThreadLocal<Applied> AT_HAND = new ThreadLocal<>();

    static {
        for (String name : List.of("order.Order", "payment.Wallet", "inventory.Product", "coupon.Campaign", "coupon.Coupon")) {
            Kind<?> kind = Kind.of("jangter." + name);
            for (Method method : kind.type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(CommandHandler.class)) {
                    RULES.put(method.getParameterTypes()[0], new Rule(kind, method.isAnnotationPresent(CreationPolicy.class)));
                }
            }
        }
    }

    private final Mutation mutation;
    /** What is loaded, with the number of events that it was loaded from: good while its stream is as long. */
    private final Map<String, EventSourcedAggregate<?>> loaded = new HashMap<>();
    private final Applied applied = new Applied();

    /** A sort of aggregate. */
    private record Kind<T>(Class<T> type, AggregateModel<T> model, Constructor<T> constructor) {

        private static Kind<?> of(String name) {
            try {
                return of(Class.forName(name));
            } catch (ReflectiveOperationException missing) {
                throw new IllegalStateException(missing);
            }
        }

        private static <T> Kind<T> of(Class<T> type) throws NoSuchMethodException {
            Constructor<T> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return new Kind<>(type, AnnotatedAggregateMetaModelFactory.inspectAggregate(type, PARAMETERS), constructor);
        }
    }

    private record Rule(Kind<?> kind, boolean createsIfMissing) {
    }

    /**
     * What became of a command.
     *
     * @param refusal why it was refused, if it was
     */
    record Outcome(List<DomainEventMessage<?>> events, @Nullable String refusal) {
    }

    Contexts(Mutation mutation) {
        this.mutation = mutation;
    }

    /** Where a campaign brings coupons into being. */
    private static @Nullable ParameterResolver<?> firstEvents(Executable handler, Parameter[] parameters, int index) {
        Class<?> type = parameters[index].getType();
        if (!type.getSimpleName().equals("FirstEvents")) {
            return null;
        }
        return new FixedValueParameterResolver<>(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            CouponIssued issued = (CouponIssued) arguments[0];
            AT_HAND.get().publish(new GenericDomainEventMessage<>("Coupon", issued.couponId().toString(), 0, issued));
            return null;
        }));
    }

    /** The id of the aggregate that the command is for. */
    static String target(Object command) {
        if (command instanceof OrderCommand order) {
            return order.orderId().value();
        }
        if (command instanceof PaymentCommand payment) {
            return payment.walletId().value();
        }
        if (command instanceof InventoryCommand inventory) {
            return inventory.productId().value();
        }
        if (command instanceof LaunchCampaign launch) {
            return launch.campaignId().value();
        }
        if (command instanceof IssueCoupon issue) {
            return issue.campaignId().value();
        }
        return command instanceof UseCoupon use ? use.couponId().value() : ((RestoreCoupon) command).couponId().value();
    }

    /** The instance with all that is loaded is gone. */
    void crash() {
        loaded.clear();
    }

    Outcome handle(Object command, List<DomainEventMessage<?>> stream) {
        Rule rule = RULES.get(command.getClass());
        if (stream.isEmpty() && !rule.createsIfMissing) {
            return new Outcome(List.of(), "there is nothing that it is for");
        }
        String target = target(command);
        AT_HAND.set(applied);
        try {
            EventSourcedAggregate<?> aggregate = load(rule.kind, target, stream);
            mutation.loaded(aggregate.getAggregateRoot());
            aggregate.handle(new GenericCommandMessage<>(command));
            keep(target, aggregate);
            return new Outcome(applied.take(), null);
        } catch (RefusedException refused) {
            loaded.remove(target);
            applied.take();
            return new Outcome(List.of(), refused.refusal().message());
        } catch (Exception bug) {
            throw new AssertionError(command + " broke its aggregate", bug);
        } finally {
            AT_HAND.remove();
        }
    }

    private <T> EventSourcedAggregate<?> load(Kind<T> kind, String target, List<DomainEventMessage<?>> stream) throws Exception {
        EventSourcedAggregate<?> known = loaded.get(target);
        if (known != null && known.lastSequence() == stream.size() - 1) {
            return known;
        }
        EventSourcedAggregate<T> aggregate = EventSourcedAggregate.initialize(kind.constructor.newInstance(), kind.model, applied,
                NoSnapshotTriggerDefinition.TRIGGER);
        if (!stream.isEmpty()) {
            aggregate.initializeState(DomainEventStream.of(stream.stream().map(this::sourced).toList()));
        }
        return aggregate;
    }

    /** A world whose rules are mutated sources its events anew each time, so that the mutation has its say. */
    private void keep(String target, EventSourcedAggregate<?> aggregate) {
        if (mutation == Mutation.NONE && aggregate.lastSequence() != null) {
            loaded.put(target, aggregate);
        }
    }

    private DomainEventMessage<?> sourced(DomainEventMessage<?> event) {
        Object payload = mutation.sourced(event.getPayload());
        return payload == event.getPayload() ? event : new GenericDomainEventMessage<>(event.getType(), event.getAggregateIdentifier(),
                event.getSequenceNumber(), payload);
    }

    /** Where aggregates publish. */
    private static final class Applied implements EventBus {

        private final List<DomainEventMessage<?>> events = new ArrayList<>();

        private List<DomainEventMessage<?>> take() {
            List<DomainEventMessage<?>> taken = List.copyOf(events);
            events.clear();
            return taken;
        }

        @Override
        public void publish(List<? extends EventMessage<?>> published) {
            published.forEach(event -> events.add((DomainEventMessage<?>) event));
        }

        @Override
        public Registration subscribe(Consumer<List<? extends EventMessage<?>>> processor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Registration registerDispatchInterceptor(MessageDispatchInterceptor<? super EventMessage<?>> interceptor) {
            throw new UnsupportedOperationException();
        }
    }
}
