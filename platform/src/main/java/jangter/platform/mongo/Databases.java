package jangter.platform.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;
import tools.jackson.databind.json.JsonMapper;

/** The services' databases, one each: {@code jangter_order}, {@code jangter_payment}, … */
public final class Databases {

    /** How long a read may take before the caller is told to try again. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final MongoClient client;
    private final JsonMapper json;
    private final Clock clock;
    private final CodecRegistry codecs =
            CodecRegistries.fromRegistries(CodecRegistries.fromProviders(new KernelCodecs()), MongoClientSettings.getDefaultCodecRegistry());
    private final Map<String, ServiceDatabase> byService = new ConcurrentHashMap<>();

    public Databases(MongoClient client, JsonMapper json, Clock clock) {
        this.client = client;
        this.json = json;
        this.clock = clock;
    }

    /** The database of that service. */
    public ServiceDatabase of(String service) {
        return byService.computeIfAbsent(service,
                name -> new ServiceDatabase(client.getDatabase(databaseName(name)).withCodecRegistry(codecs), json, clock));
    }

    /** The edition of a group's views that is read. */
    public Edition current(String group) {
        return ofGroup(group).editions().current(group);
    }

    /** The database of the group's service, which is what stands before the first hyphen of its name ({@code order-views}). */
    public ServiceDatabase ofGroup(String group) {
        return of(group.substring(0, group.indexOf('-')));
    }

    /** Those that are in use here. */
    Collection<ServiceDatabase> inUse() {
        return byService.values();
    }

    /** What a service's database is called. */
    public static String databaseName(String service) {
        return "jangter_" + service;
    }
}
