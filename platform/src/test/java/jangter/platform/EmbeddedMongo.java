package jangter.platform;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.net.InetSocketAddress;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/** Gives a test's context a Mongo of its own, in memory, over the wire. It ends after all that needs it, which would wait for it for a quarter of a minute. */
final class EmbeddedMongo implements ApplicationContextInitializer<GenericApplicationContext> {

    @Override
    public void initialize(GenericApplicationContext context) {
        MongoServer server = new MongoServer(H2Backend.inMemory());
        InetSocketAddress address = server.bind();
        DefaultListableBeanFactory beans = context.getDefaultListableBeanFactory();
        beans.registerSingleton("mongoServer", server);
        // the first to be registered is the last to be destroyed
        beans.registerDisposableBean("mongoServer", server::shutdownNow);
        TestPropertyValues.of("spring.mongodb.uri=mongodb://127.0.0.1:" + address.getPort()).applyTo(context);
    }
}
