package jangter.axonserver.store;

class InMemoryEventStoreTest extends EventStoreContract {

    @Override
    EventStore open() {
        return new InMemoryEventStore();
    }
}
