package jangter.launcher;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the one-JVM default brings along, under {@code jangter.embedded}.
 *
 * @param views {@code file}, or {@code memory}: then reading and writing views costs less, they are gone at a stop, and at each start they are
 *     built from all events, which takes a while; until that is done, reads find what has been built so far, and an order with a coupon may be
 *     refused. Sagas, answers to requests, what is set aside, and how far all but views are, stay in the file and survive a kill either way:
 *     a checkout that was handled from its start again without what it knew could ask for a payment that was settled long ago. Whoever goes
 *     back to {@code file} has the views built once more.
 * @param overThePort whether the services reach the Axon Server and the Mongo in their own JVM over their ports too, as they would any other. Else
 *     messages pass between them as objects, and what Mongo is asked and answers as bytes in memory.
 */
@ConfigurationProperties("jangter.embedded")
record EmbeddedSettings(@DefaultValue("file") Views views, @DefaultValue("false") boolean overThePort) {

    /** Where the embedded Mongo keeps the views. */
    enum Views { FILE, MEMORY }
}
