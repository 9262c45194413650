package jangter.launcher;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import jangter.launcher.Endpoint.Access;
import jangter.launcher.RawHttp.Answer;
import jangter.proof.Report;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import tools.jackson.databind.JsonNode;

/** Every door of the whole shop: who comes in with which token, and what comes of requests that nobody in their right mind would send. */
class EveryDoorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int MALFORMED = Integer.getInteger("jangter.malformed", 10_000);
    private static final int SENDERS = 8;
    private static final long MOST_HEAP_LEFT = 64L << 20;
    /** What a refusal may write: that it was refused; and how far processors are. */
    private static final Set<String> NO_VIEWS = Set.of("answers", "tokens", "sagas", "editions");

    @TempDir
    static Path data;

    private static ConfigurableApplicationContext system;
    private static RawHttp http;
    private static RSAKey key;
    private static String issuer;
    private static ShopClient shop;
    private static Map<String, String> things;

    @BeforeAll
    static void start() throws Exception {
        system = Launcher.start(List.of(Service.values()), 0, "--jangter.data=" + data);
        int port = ((WebServerApplicationContext) system).getWebServer().getPort();
        http = new RawHttp(port);
        key = RSAKey.parse(Files.readString(data.resolve("issuer/key.json")));
        issuer = system.getEnvironment().getProperty(Launcher.ISSUER_URI);
        shop = new ShopClient("http://127.0.0.1:" + port, () -> UUID.randomUUID().toString());
        String product = shop.registerProduct("Quince", 100, 1_000);
        String campaign = shop.launchCampaign("Drop", 10, 1_000);
        shop.charge("owner", 100_000);
        String paid = shop.place("owner", product, 1, null);
        shop.pay("owner", paid);
        things = Map.of("{product}", product, "{campaign}", campaign, "{paid}", paid, "{order}", shop.place("owner", product, 1, null),
                "{coupon}", shop.claimCoupon("owner", campaign));
        rest();
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void no_door_is_missing_in_the_table() {
        assertThat(Endpoint.ALL.stream().map(Endpoint::what).toList()).containsExactlyInAnyOrderElementsOf(found());
    }

    /** Refusals first, all of them, and nothing may have changed; then those who may. */
    @Test
    void every_door_opens_for_whom_it_is_and_for_nobody_else() throws Exception {
        Map<String, @Nullable String> callers = new LinkedHashMap<>();
        callers.put("no token", null);
        callers.put("expired", signed(claims("owner", true).expirationTime(Date.from(Instant.now().minusSeconds(3_600)))));
        callers.put("wrong issuer", signed(claims("owner", true).issuer("http://127.0.0.1:1")));
        callers.put("wrong audience", signed(claims("owner", true).audience("another-shop")));
        callers.put("tampered signature", tampered(signed(claims("owner", true))));
        callers.put("alg none", new PlainJWT(claims("owner", true).build()).serialize());
        callers.put("other customer", signed(claims("stranger", false)));
        callers.put("staff", signed(claims("olga", true)));
        callers.put("owner", signed(claims("owner", false)));
        SoftAssertions table = new SoftAssertions();
        Object head = head();
        Map<String, List<Document>> views = views();

        each(callers, (endpoint, caller) -> isRefused(endpoint, caller), (endpoint, caller) -> {
            Answer answer = ask(endpoint, callers.get(caller), caller);
            table.assertThat(answer.status()).as("%s, %s: %s", endpoint.what(), caller, answer).isEqualTo(expected(endpoint, caller));
            if (answer.status() == 401) {
                table.assertThat(answer.head()).as("%s, %s", endpoint.what(), caller).containsIgnoringCase("WWW-Authenticate: Bearer")
                        .containsIgnoringCase("application/problem+json");
            }
            table.assertThat(head()).as("%s, %s", endpoint.what(), caller).isEqualTo(head);
        });
        rest();
        table.assertThat(views()).isEqualTo(views);
        each(callers, (endpoint, caller) -> !isRefused(endpoint, caller) && !caller.equals("owner"), (endpoint, caller) -> {
            Answer answer = ask(endpoint, callers.get(caller), caller);
            table.assertThat(answer.status()).as("%s, %s: %s", endpoint.what(), caller, answer).isEqualTo(expected(endpoint, caller));
        });
        // what is the owner's goes last, and cancelling the order last of all
        each(Map.of("owner", callers.get("owner")), (endpoint, caller) -> endpoint.access() == Access.OWNER && !endpoint.what().contains("/payment"), (endpoint, caller) -> {
            if (!endpoint.what().endsWith("/stream")) {
                table.assertThat(ask(endpoint, callers.get(caller), caller).status()).as("%s, %s", endpoint.what(), caller).isEqualTo(endpoint.status());
            }
        });
        table.assertAll();
    }

    /** An order with somebody else's coupon is refused as one with a coupon that there is not. */
    @Test
    void anothers_coupon_is_as_unknown_as_one_that_there_is_not() throws Exception {
        String body = "{\"lines\":[{\"productId\":\"" + things.get("{product}") + "\",\"quantity\":1}],\"couponId\":\"COUPON\"}";
        String stranger = signed(claims("stranger", false));
        Map<String, String> json = Map.of("Content-Type", "application/json");

        Answer anothers = http.send("POST", "/orders", stranger, json, body.replace("COUPON", things.get("{coupon}")).getBytes(StandardCharsets.UTF_8));
        Answer none = http.send("POST", "/orders", stranger, json, body.replace("COUPON", "coupon-of-nobody").getBytes(StandardCharsets.UTF_8));

        assertThat(anothers.status()).isEqualTo(none.status()).isBetween(400, 499);
        assertThat(problem(anothers)).isEqualTo(problem(none));
    }

    @Test
    void what_is_anothers_looks_like_what_there_is_not() throws Exception {
        String stranger = signed(claims("stranger", false));
        for (String door : List.of("GET /orders/X", "GET /orders/X/stream", "POST /orders/X/payment", "DELETE /orders/X")) {
            String method = door.split(" ")[0];
            String path = door.split(" ")[1];
            Answer anothers = http.send(method, path.replace("X", things.get("{order}")), stranger, Map.of(), new byte[0]);
            Answer none = http.send(method, path.replace("X", "order-of-nobody"), stranger, Map.of(), new byte[0]);

            assertThat(anothers.status()).isEqualTo(none.status()).isEqualTo(404);
            assertThat(problem(anothers)).isEqualTo(problem(none));
        }
    }

    @Test
    void ten_thousand_malformed_requests_get_refusals_and_change_nothing() throws Exception {
        long seed = Long.getLong("jangter.seed", System.nanoTime());
        List<Endpoint> posts = Endpoint.ALL.stream().filter(Endpoint::isPost).toList();
        rest();
        String[] tokens = IntStream.range(0, 200).mapToObj(i -> uncheckedToken("sender-" + i)).toArray(String[]::new);
        Object head = head();
        long heap = heapInUse();
        Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        long begun = System.nanoTime();

        IntStream.range(0, SENDERS).parallel().forEach(sender -> {
            for (int i = sender; i < MALFORMED; i += SENDERS) {
                Malformed request = Malformed.of(posts.get(i % posts.size()), seed + i, things);
                Answer answer = http.send(request.bytes(tokens[i % tokens.length]));
                statuses.computeIfAbsent(answer.status(), first -> new AtomicLong()).incrementAndGet();
                if (answer.status() < 400 || answer.status() > 499) {
                    wrong.add("seed " + (seed + i) + ": " + request + " -> " + answer);
                }
            }
        });

        System.out.printf("%,d malformed requests, seed %d, in %.1f s: %s%n", MALFORMED, seed, (System.nanoTime() - begun) / 1e9, new TreeMap<>(statuses));
        assertThat(wrong.stream().limit(10)).as("seed %d, %d wrong", seed, wrong.size()).isEmpty();
        assertThat(head()).isEqualTo(head);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heapInUse() - heap).isLessThan(MOST_HEAP_LEFT));
        Report report = new Check(system.getEnvironment().getProperty(Launcher.AXON_SERVERS), null).read(System.out);
        assertThat(report.violations()).isEmpty();
    }

    private static Set<String> found() {
        Set<String> doors = new TreeSet<>();
        for (RequestMappingInfoHandlerMapping mapping : system.getBeansOfType(RequestMappingInfoHandlerMapping.class).values()) {
            mapping.getHandlerMethods().keySet().forEach(info -> doors.addAll(doors(info)));
        }
        // the router functions that there are: the issuer's, and the console's pages, which are open
        assertThat(system.getBeansOfType(RouterFunction.class)).containsOnlyKeys("developmentIssuer", "consolePages");
        doors.addAll(List.of("GET /.well-known/openid-configuration", "GET /dev/keys", "POST /dev/tokens"));
        return doors;
    }

    private static Collection<String> doors(RequestMappingInfo info) {
        Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
        Collection<String> names = methods.isEmpty() ? List.of("ANY") : methods.stream().map(RequestMethod::name).toList();
        return info.getPatternsCondition().getPatterns().stream()
                .flatMap(pattern -> names.stream().map(method -> method + " " + pattern.getPatternString())).toList();
    }

    private interface Cell {
        void look(Endpoint endpoint, String caller);
    }

    private interface Choice {
        boolean is(Endpoint endpoint, String caller);
    }

    private static void each(Map<String, @Nullable String> callers, Choice choice, Cell cell) {
        for (Endpoint endpoint : Endpoint.ALL) {
            callers.keySet().stream().filter(caller -> choice.is(endpoint, caller)).forEach(caller -> cell.look(endpoint, caller));
        }
    }

    private static boolean isRefused(Endpoint endpoint, String caller) {
        int status = expected(endpoint, caller);
        return status != endpoint.status() || status >= 400;
    }

    private static int expected(Endpoint endpoint, String caller) {
        return switch (caller) {
            case "no token" -> endpoint.access() == Access.ANYONE ? endpoint.status() : 401;
            case "other customer" -> switch (endpoint.access()) {
                case ANYONE, SIGNED_IN -> endpoint.status();
                case OWNER -> 404;
                case STAFF -> 403;
            };
            case "staff" -> endpoint.access() == Access.OWNER ? 404 : endpoint.status();
            case "owner" -> endpoint.access() == Access.STAFF ? 403 : endpoint.status();
            default -> 401;
        };
    }

    private static Answer ask(Endpoint endpoint, @Nullable String token, String caller) {
        byte[] body = endpoint.body() == null ? new byte[0] : fill(endpoint.body()).getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Idempotency-Key", caller.replace(' ', '-') + endpoint.what().hashCode()));
        if (body.length > 0) {
            headers.put("Content-Type", "application/json");
        }
        return http.send(endpoint.method(), fill(endpoint.example()), token, headers, body);
    }

    private static String fill(String text) {
        String filled = text;
        for (Map.Entry<String, String> thing : things.entrySet()) {
            filled = filled.replace(thing.getKey(), thing.getValue());
        }
        return filled;
    }

    private static JWTClaimsSet.Builder claims(String subject, boolean staff) {
        return new JWTClaimsSet.Builder().issuer(issuer).audience("jangter").subject(subject).claim("roles", staff ? List.of("staff") : List.of())
                .issueTime(Date.from(Instant.EPOCH)).expirationTime(Date.from(Instant.now().plusSeconds(3_600)));
    }

    private static String signed(JWTClaimsSet.Builder claims) throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims.build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static String uncheckedToken(String subject) {
        try {
            return signed(claims(subject, true));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String tampered(String token) {
        int middle = token.lastIndexOf('.') + 20;
        return token.substring(0, middle) + (token.charAt(middle) == 'A' ? 'B' : 'A') + token.substring(middle + 1);
    }

    /** All of a problem but the path that was asked for. */
    private static String problem(Answer answer) {
        return answer.body().replaceAll("\"instance\":\"[^\"]*\"", "");
    }

    private static Object head() {
        return system.getBean(EventStore.class).createHeadToken();
    }

    private static Map<String, List<Document>> views() {
        MongoClient mongo = system.getBean(MongoClient.class);
        return StreamSupport.stream(mongo.listDatabaseNames().spliterator(), false).filter(name -> name.startsWith("jangter_"))
                .flatMap(database -> StreamSupport.stream(mongo.getDatabase(database).listCollectionNames().spliterator(), false)
                        .filter(name -> !NO_VIEWS.contains(name)).map(name -> Map.entry(database + "." + name, documents(mongo, database, name))))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Document> documents(MongoClient mongo, String database, String collection) {
        List<Document> all = mongo.getDatabase(database).getCollection(collection).find().into(new ArrayList<>());
        return Stream.of(all).flatMap(List::stream).sorted(java.util.Comparator.comparing(document -> String.valueOf(document.get("_id")))).toList();
    }

    /** Until all views have all events. */
    private static void rest() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (JsonNode processor : shop.getAsStaff("/actuator/processors")) {
                assertThat(processor.get("lag").asLong()).isZero();
            }
        });
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
