package jangter.platform.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All documents of a collection, whose ids are texts, in the order of those. They are asked for page by page: the embedded Mongo makes a whole answer before it
 * sends any of it, and a large collection has no room in memory twice. What is changed meanwhile may be read as it was or as it is.
 */
final class InIdOrder {

    private static final int PAGE = 1_000;

    private InIdOrder() {
    }

    static Flux<Document> documents(MongoCollection<Document> collection) {
        return page(collection, Filters.empty())
                .expand(page -> page.size() < PAGE ? Mono.empty() : page(collection, Filters.gt("_id", page.get(PAGE - 1).get("_id"))))
                .concatMapIterable(page -> page, 1);
    }

    private static Mono<List<Document>> page(MongoCollection<Document> collection, Bson after) {
        return Flux.from(collection.find(after).sort(Sorts.ascending("_id")).limit(PAGE).batchSize(PAGE)).timeout(Databases.PATIENCE).collectList();
    }
}
