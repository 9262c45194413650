package jangter.axonserver;

import org.axonframework.axonserver.connector.ManagedChannelCustomizer;

/** All the same between objects of one JVM: where the applications are told to look, nobody listens. */
class AxonFrameworkInProcessTest extends AxonFrameworkTest {

    @Override
    String address() {
        return "127.0.0.1:1";
    }

    @Override
    ManagedChannelCustomizer channel() {
        return axonServer.server()::inProcess;
    }
}
