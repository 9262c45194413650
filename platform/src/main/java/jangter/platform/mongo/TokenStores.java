package jangter.platform.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import jangter.platform.batch.TokenAfterBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.extensions.mongo.DefaultMongoTemplate;
import org.axonframework.extensions.mongo.eventsourcing.tokenstore.MongoTokenStore;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Each service's tracking tokens in its own database: that of the processor's service, which is what stands before the first hyphen of
 * its name ({@code order-views}). Tokens move after their batch ({@link TokenAfterBatch}).
 */
public final class TokenStores implements TokenStore {

    /** After how long the segments of a process that fell silent may be taken over: what a killed one holds is waited for that long. */
    public static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration BATCH_PATIENCE = Duration.ofSeconds(30);

    private final MongoClient client;
    private final Serializer serializer;
    private final Map<String, TokenStore> byService = new ConcurrentHashMap<>();

    public TokenStores(MongoClient client, Serializer serializer) {
        this.client = client;
        this.serializer = serializer;
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount) {
        of(processorName).initializeTokenSegments(processorName, segmentCount);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        of(processorName).initializeTokenSegments(processorName, segmentCount, initialToken);
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        of(processorName).storeToken(token, processorName, segment);
    }

    @Override
    public TrackingToken fetchToken(String processorName, int segment) {
        return of(processorName).fetchToken(processorName, segment);
    }

    @Override
    public TrackingToken fetchToken(String processorName, Segment segment) {
        return of(processorName).fetchToken(processorName, segment);
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        of(processorName).extendClaim(processorName, segment);
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        of(processorName).releaseClaim(processorName, segment);
    }

    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processorName, int segment) {
        of(processorName).initializeSegment(token, processorName, segment);
    }

    @Override
    public void deleteToken(String processorName, int segment) {
        of(processorName).deleteToken(processorName, segment);
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return true;
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return of(processorName).fetchSegments(processorName);
    }

    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        return of(processorName).fetchAvailableSegments(processorName);
    }

    /** One name for all of them: a processor's own name tells them apart. */
    @Override
    public Optional<String> retrieveStorageIdentifier() {
        return Optional.of("jangter");
    }

    private TokenStore of(String processorName) {
        return byService.computeIfAbsent(processorName.substring(0, processorName.indexOf('-')), this::open);
    }

    private TokenStore open(String service) {
        MongoDatabase database = client.getDatabase(Databases.databaseName(service));
        TokenStore tokens = MongoTokenStore.builder()
                .mongoTemplate(DefaultMongoTemplate.builder().mongoDatabase(database).trackingTokensCollectionName("tokens").build())
                .serializer(serializer).claimTimeout(CLAIM_TIMEOUT).contentType(String.class).build();
        return new TokenAfterBatch(tokens, BATCH_PATIENCE);
    }
}
