package jangter.platform.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import jangter.platform.batch.TokenAfterBatch;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.extensions.mongo.DefaultMongoTemplate;
import org.axonframework.extensions.mongo.eventsourcing.tokenstore.MongoTokenStore;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Each service's tracking tokens in its own database: that of the processor's service, which is what stands before the first hyphen of
 * its name ({@code order-views}). Tokens move after their batch ({@link TokenAfterBatch}).
 *
 * <p>Each edition of a group's views has tokens of its own. A processor that is named like its group follows the current edition; the one
 * that builds another has its name, and holds its claims as if it were another instance: while it works, nobody else in this process
 * takes them for its own.
 */
public final class TokenStores implements TokenStore {

    /** After how long the segments of a process that fell silent may be taken over: what a killed one holds is waited for that long. */
    public static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration BATCH_PATIENCE = Duration.ofSeconds(30);
    private static final String TOKENS = "tokens";
    private static final AtomicInteger NODES = new AtomicInteger();

    private final MongoClient client;
    private final Serializer serializer;
    private final Function<String, Edition> current;
    private final LostConnections lost;
    private final Duration saveEvery;
    private final String node = ManagementFactory.getRuntimeMXBean().getName() + "/" + NODES.incrementAndGet();
    private final Map<String, TokenAfterBatch> byOwner = new ConcurrentHashMap<>();
    private final Map<Claimed, Edition> claimed = new ConcurrentHashMap<>();

    private record Claimed(String processorName, int segment) {
    }

    /**
     * Keeps tokens in the databases that client reaches.
     *
     * @param current which edition of a group's views is read
     * @param lost the connections of this client and of that which writes views and sagas
     * @param saveEvery for how long what is kept in memory may go unsaved while events come
     */
    public TokenStores(MongoClient client, Serializer serializer, Function<String, Edition> current, LostConnections lost, Duration saveEvery) {
        this.client = client;
        this.serializer = serializer;
        this.current = current;
        this.lost = lost;
        this.saveEvery = saveEvery;
    }

    /** Which edition a segment is handled into here, since it was claimed: what follows another must be given up. */
    public Optional<Edition> claimed(String processorName, int segment) {
        return Optional.ofNullable(claimed.get(new Claimed(processorName, segment)));
    }

    /** The segments of an edition, whoever holds them, and where they are: nothing for those that have not begun. */
    public Map<Integer, Optional<TrackingToken>> positions(Edition edition) {
        Map<Integer, Optional<TrackingToken>> positions = new TreeMap<>();
        for (Document token : tokens(edition).find(Filters.eq("processorName", edition.name()))) {
            positions.put(token.getInteger("segment"), Optional.ofNullable(token.getString("token"))
                    .map(data -> serializer.deserialize(new SimpleSerializedObject<>(data, String.class, token.getString("tokenType"), null))));
        }
        return positions;
    }

    /** Whether all that was handled here into an edition that is being built is written, and not only on its way. */
    public boolean hasWritten(Edition edition) {
        return of(edition.name()).hasWritten(edition.name());
    }

    /** Gives an edition that nobody handles events for such segments, all of them to begin after that token. */
    public void begin(Edition edition, Collection<Integer> segments, @Nullable TrackingToken token) {
        tokens(edition).deleteMany(Filters.eq("processorName", edition.name()));
        segments.forEach(segment -> initializeSegment(token, edition.name(), segment));
    }

    /**
     * Lets every view begin with the first event again, since what it said is lost; one that was being built is prepared once more. While
     * nobody handles events.
     */
    public static void beginViewsAnew(MongoClient client) {
        for (String name : client.listDatabaseNames()) {
            if (name.startsWith(Databases.databaseName(""))) {
                MongoDatabase database = client.getDatabase(name);
                database.getCollection("editions").updateMany(Filters.eq("rebuild.prepared", true), Updates.set("rebuild.prepared", false));
                MongoCollection<Document> tokens = database.getCollection(TOKENS);
                tokens.distinct("processorName", String.class).into(new ArrayList<>()).stream()
                        .filter(processor -> Edition.isOfViews(Edition.ofProcessor(processor).map(Edition::group).orElse(processor)))
                        .forEach(processor -> tokens.deleteMany(Filters.eq("processorName", processor)));
            }
        }
    }

    private MongoCollection<Document> tokens(Edition edition) {
        return database(edition.group()).getCollection(TOKENS);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount) {
        of(processorName).initializeTokenSegments(inUse(processorName).name(), segmentCount);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        of(processorName).initializeTokenSegments(inUse(processorName).name(), segmentCount, initialToken);
    }

    /** Before the first event of a batch is handled whose handlers act at once: see {@link TokenAfterBatch#begin}. */
    public void begin(UnitOfWork<?> batch, String processorName, int segment) {
        of(processorName).begin(batch, held(processorName, segment).name(), segment);
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        of(processorName).storeToken(token, held(processorName, segment).name(), segment);
    }

    /** Claims the segment of the current edition. From then on all that is said of it is said of that edition, until it is released. */
    @Override
    public TrackingToken fetchToken(String processorName, int segment) {
        Edition edition = inUse(processorName);
        TrackingToken token = of(processorName).fetchToken(edition.name(), segment);
        claimed.put(new Claimed(processorName, segment), edition);
        return token;
    }

    @Override
    public TrackingToken fetchToken(String processorName, Segment segment) {
        return fetchToken(processorName, segment.getSegmentId());
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        of(processorName).extendClaim(held(processorName, segment).name(), segment);
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        of(processorName).releaseClaim(held(processorName, segment).name(), segment);
        claimed.remove(new Claimed(processorName, segment));
    }

    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processorName, int segment) {
        of(processorName).initializeSegment(token, inUse(processorName).name(), segment);
    }

    @Override
    public void deleteToken(String processorName, int segment) {
        of(processorName).deleteToken(held(processorName, segment).name(), segment);
        claimed.remove(new Claimed(processorName, segment));
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return true;
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return of(processorName).fetchSegments(inUse(processorName).name());
    }

    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        return of(processorName).fetchAvailableSegments(inUse(processorName).name());
    }

    /** One name for all of them: a processor's own name tells them apart. */
    @Override
    public Optional<String> retrieveStorageIdentifier() {
        return Optional.of("jangter");
    }

    private Edition held(String processorName, int segment) {
        return claimed(processorName, segment).orElseGet(() -> inUse(processorName));
    }

    private Edition inUse(String processorName) {
        return Edition.ofProcessor(processorName).orElseGet(() -> current.apply(processorName));
    }

    private TokenAfterBatch of(String processorName) {
        String service = processorName.substring(0, processorName.indexOf('-'));
        boolean isRebuild = Edition.ofProcessor(processorName).isPresent();
        return isRebuild
                ? byOwner.computeIfAbsent(service + " rebuilt", owner -> open(processorName, node + "/rebuild").writingBeside(Schedulers.boundedElastic()))
                : byOwner.computeIfAbsent(service, owner -> open(processorName, node));
    }

    private TokenAfterBatch open(String processorName, String owner) {
        TokenStore tokens = MongoTokenStore.builder()
                .mongoTemplate(DefaultMongoTemplate.builder().mongoDatabase(database(processorName)).trackingTokensCollectionName(TOKENS).build())
                .serializer(serializer).claimTimeout(CLAIM_TIMEOUT).nodeId(owner).contentType(String.class).build();
        return new TokenAfterBatch(tokens, BATCH_PATIENCE, CLAIM_TIMEOUT.dividedBy(2), saveEvery, lost, System::nanoTime);
    }

    private MongoDatabase database(String processorName) {
        return client.getDatabase(Databases.databaseName(processorName.substring(0, processorName.indexOf('-'))));
    }
}
