package jangter.axonserver;

import com.google.protobuf.ByteString;
import io.axoniq.axonserver.connector.AxonServerConnection;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.command.CommandChannel;
import io.axoniq.axonserver.connector.control.ControlChannel;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import io.axoniq.axonserver.connector.query.QueryChannel;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One client's connection through the stock connector. */
final class Connector implements AutoCloseable {

    private final AxonServerConnectionFactory factory;
    private final AxonServerConnection connection;

    private Connector(AxonServerConnectionFactory factory, AxonServerConnection connection) {
        this.factory = factory;
        this.connection = connection;
    }

    static Connector to(String address, String component, String clientId) {
        return to(address, component, clientId, builder -> builder);
    }

    static Connector to(String address, String component, String clientId, UnaryOperator<AxonServerConnectionFactory.Builder> settings) {
        String[] hostAndPort = address.split(":");
        AxonServerConnectionFactory factory = settings.apply(AxonServerConnectionFactory.forClient(component, clientId)
                .routingServers(new ServerAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1])))
                .connectTimeout(5, TimeUnit.SECONDS)
                .reconnectInterval(100, TimeUnit.MILLISECONDS)
                .threadPoolSize(2)).build();
        return new Connector(factory, factory.connect("default"));
    }

    AxonServerConnection connection() {
        return connection;
    }

    AxonServerConnectionFactory factory() {
        return factory;
    }

    EventChannel events() {
        return connection.eventChannel();
    }

    CommandChannel commands() {
        return connection.commandChannel();
    }

    QueryChannel queries() {
        return connection.queryChannel();
    }

    ControlChannel control() {
        return connection.controlChannel();
    }

    CompletableFuture<?> append(List<Event> transaction) {
        return events().appendEvents(transaction.toArray(Event[]::new));
    }

    @Override
    public void close() {
        factory.shutdown();
    }

    static Event event(String aggregate, long sequence) {
        return event(aggregate, sequence, System.currentTimeMillis());
    }

    static Event event(String aggregate, long sequence, long timestamp) {
        return Event.newBuilder()
                .setMessageIdentifier(UUID.randomUUID().toString())
                .setAggregateIdentifier(aggregate)
                .setAggregateSequenceNumber(sequence)
                .setAggregateType("Order")
                .setTimestamp(timestamp)
                .setPayload(payload("jangter.order.api.OrderEvent$OrderPlaced",
                        "{\"orderId\":\"%s\",\"customer\":\"customer-17\",\"amount\":{\"currency\":\"KRW\",\"minor\":129000}}".formatted(aggregate)))
                .build();
    }

    static SerializedObject payload(String type, String json) {
        return SerializedObject.newBuilder().setType(type).setRevision("1").setData(ByteString.copyFromUtf8(json)).build();
    }
}
