package jangter.launcher;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.UpdateOptions;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import jangter.platform.mongo.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.reactivestreams.Publisher;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/**
 * An operator walks through all pages of the console, in a browser. The screenshots go to {@code target/console}, and with
 * {@code -Djangter.screenshots=…} to where the README shows them from.
 */
class ConsoleTest {

    private static final Path SCREENSHOTS = Path.of(System.getProperty("jangter.screenshots", "target/console"));
    private static final List<String> SCENARIOS = List.of("completed", "no-balance", "no-stock", "coupon-twice");
    private static final int BURST = 20;

    @TempDir
    static Path folder;

    private static Browser browser;
    private static ConfigurableApplicationContext system;
    private static String address;
    private static ShopClient shop;

    @BeforeAll
    static void start() {
        browser = Browser.open(folder.resolve("profile"));
        system = Launcher.start(List.of(Service.values()), 0, "--jangter.data=" + folder.resolve("data"));
        address = "http://127.0.0.1:" + ((WebServerApplicationContext) system).getWebServer().getPort();
        shop = new ShopClient(address, () -> UUID.randomUUID().toString());
        browser.size(1280, 800);
        signIn();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (system != null) {
            system.close();
        }
    }

    @Test
    void an_operator_plays_scenes_sees_them_undone_looks_back_in_time_and_builds_a_view_anew() throws Exception {
        playScenes();
        seeTheCompensation();
        seeTheSlowPaymentSentAgain();
        searchCheckouts();
        lookBackInTime();
        List<JsonNode> before = numbers();
        rebuildAView();
        assertThat(numbers()).isEqualTo(before);
        seeTheOverview();
        readItInKoreanOnAPhoneInTheDark();
    }

    @AfterEach
    void the_inventory_is_back() {
        system.getBean(Outages.class).loseInventory(Duration.ZERO);
    }

    /** Neither a broken rule of the page's policy, nor a script that failed, nor anything from elsewhere. */
    @AfterEach
    void nothing_is_wrong() {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.script("return performance.getEntriesByType('resource').map(e => new URL(e.name).origin)")).asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSizeGreaterThan(10).containsOnly(address);
    }

    @Test
    void an_operator_holds_a_checkout_and_lets_it_go_on_undoes_another_and_hurries_a_third() {
        Outages outages = system.getBean(Outages.class);
        outages.loseInventory(Duration.ofMinutes(2));
        String product = shop.registerProduct("Persimmon", 1_000, 10);
        String held = startPaying("operated-1", product);
        String undone = startPaying("operated-2", product);
        String hurried = startPaying("operated-3", product);

        stepIn(held, "parking", "The customer called.");
        browser.see(".state.HELD");
        assertThat(browser.all("#do-parking")).isEmpty();
        browser.see(".step.ahead[data-step=COMPLETE_ORDER]");
        browser.until(b -> b.texts("main").get(0).contains("operator · “The customer called.”"));
        stepIn(hurried, "retry", "It has waited long enough.");
        browser.until(b -> b.texts("main").get(0).contains("“It has waited long enough.”"));
        stepIn(undone, "compensation", "Ordered by mistake.");
        browser.see(".state.COMPENSATING");
        browser.go(address + "/console/#/checkouts?state=HELD");
        browser.until(b -> b.texts("#checkouts tbody tr td:first-child").equals(List.of(held)));

        outages.loseInventory(Duration.ZERO);
        stepIn(held, "retry", "Let it go on.");
        browser.see(".state.COMPLETED");
        browser.until(b -> String.join(" ", b.texts("#history li")).matches("(?s).*ParkingRequested.*CheckoutHeld.*RetryRequested.*OrderCompleted.*"));
        browser.go(address + "/console/#/checkouts/" + undone);
        browser.see(".state.FAILED");
        browser.until(b -> steps(".step.undo").containsAll(List.of("REFUND_PAYMENT", "FAIL_PAYMENT")));
    }

    @Test
    void an_operator_pauses_resumes_splits_and_merges_a_processor_by_keyboard_and_mouse() {
        browser.go(address + "/console/#/replay");
        browser.until(b -> !b.texts(".processor h3 .soft").isEmpty() && b.texts(".processor h3 .soft").stream().allMatch("Lag 0"::equals));
        browser.click("#pause-coupon-views");
        browser.see("dialog[open]");
        browser.press(Keys.ESCAPE);
        browser.until(b -> b.all("dialog").isEmpty());
        browser.script("document.getElementById('pause-coupon-views').focus()");
        assertThat(browser.script("return getComputedStyle(document.activeElement).outlineStyle")).isEqualTo("solid");
        browser.press(Keys.ENTER);
        browser.see("dialog[open]");
        browser.press(Keys.ENTER);
        browser.see("#processor-coupon-views .state.PARKED");
        browser.click("#resume-coupon-views");
        browser.see("#processor-coupon-views .state.running");

        browser.until(b -> segments() == 1);
        browser.click("#split-coupon-views-0");
        browser.click("#confirm");
        browser.until(b -> segments() == 2);
        browser.click("#merge-coupon-views-0");
        browser.click("#confirm");
        browser.until(b -> segments() == 1);

        browser.go(address + "/console/");
        browser.see("#nav-overview");
        browser.press(Keys.TAB);
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("skip");
        browser.press(Keys.ENTER);
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("main");
    }

    @Test
    void an_operator_retries_what_a_view_set_aside_once_it_is_mended_and_drops_what_cannot_be() {
        String mendable = shop.registerProduct("Quince", 1_000, 10);
        String hopeless = shop.registerProduct("Medlar", 1_000, 10);
        sales(set("sold." + mendable + ".quantity", "many"), set("sold." + hopeless + ".quantity", "many"));
        shop.pay("setter-1", place("setter-1", mendable));
        shop.pay("setter-2", place("setter-2", hopeless));

        browser.go(address + "/console/#/replay");
        browser.see(letter(mendable));
        browser.see(letter(hopeless));
        assertThat(browser.see(letter(mendable)).getText()).contains("inventory-views").contains("StockDeducted");
        sales(unset("sold." + mendable));
        browser.click(letter(mendable) + " .retry");
        browser.until(b -> b.all(letter(mendable)).isEmpty());
        browser.click(letter(hopeless) + " .drop");
        browser.see("dialog[open]");
        browser.click("#confirm");
        browser.until(b -> b.all(letter(hopeless)).isEmpty());
        sales(unset("sold." + hopeless));
    }

    @Test
    void an_operator_sees_how_a_rebuilt_copy_differs_and_abandons_or_accepts_it() {
        String product = shop.registerProduct("Jujube", 1_000, 10);
        await().until(() -> stock(product) == 10);
        everyEdition("inventory", "products", found -> found.updateMany(eq("_id", product), set("stock", 999)));
        everyEdition("coupon", "campaigns", found -> found.insertOne(new Document("_id", "campaign-of-nobody")));
        browser.go(address + "/console/#/replay");
        reset("inventory-views", "");
        reset("coupon-views", "");
        // from a position, and from an instant
        reset("order-coupons", "5");
        reset("order-catalogue", "2020-01-01T00:00:00Z");

        assertThat(seeTheDifference("inventory-views")).contains(product).contains("999").contains("10");
        assertThat(stock(product)).isEqualTo(999);
        browser.click("#processor-inventory-views .switch");
        browser.click("#confirm");
        assertThat(seeTheDifference("coupon-views")).contains("campaign-of-nobody");
        browser.click("#processor-coupon-views .abandon");
        browser.click("#confirm");
        browser.see("#processor-coupon-views .rebuild[data-state=ABANDONED]");
        for (String switched : List.of("inventory-views", "order-coupons", "order-catalogue")) {
            browser.see("#processor-" + switched + " .rebuild[data-state=SWITCHED]");
        }
        await().until(() -> stock(product) == 10);
    }

    private static String startPaying(String customer, String product) {
        String order = place(customer, product);
        shop.startPaying(customer, order);
        return order;
    }

    private static String place(String customer, String product) {
        shop.charge(customer, 10_000);
        return shop.place(customer, product, 1, null);
    }

    /** Opens a checkout that waits for its stock, and presses a button there. */
    private static void stepIn(String order, String deed, String reason) {
        browser.go(address + "/console/#/checkouts/" + order);
        browser.see("[data-step=DEDUCT_STOCK]");
        browser.until(b -> b.texts("h1").get(0).contains(order));
        browser.click("#do-" + deed);
        browser.type("dialog textarea", reason);
        browser.click("#confirm");
        browser.until(b -> b.all("dialog").isEmpty());
    }

    private static void reset(String processor, String from) {
        browser.click("#reset-" + processor);
        browser.type("#from", from);
        browser.click("#confirm");
        browser.see("#processor-" + processor + " .rebuild:not([data-state=SWITCHED]):not([data-state=ABANDONED])");
    }

    private static String seeTheDifference(String processor) {
        browser.see("#processor-" + processor + " .rebuild[data-state=WAITING]");
        browser.click("#processor-" + processor + " summary");
        String difference = browser.see("#processor-" + processor + " .changes").getText();
        browser.click("#processor-" + processor + " summary");
        return difference;
    }

    private static int segments() {
        return browser.all("#processor-coupon-views .segment").size();
    }

    private static String letter(String sequence) {
        return "[data-letter=" + sequence + "]";
    }

    private static int stock(String product) {
        return shop.get("anyone", "/products/" + product).get("stock").asInt();
    }

    /** What is sold now is counted there, whatever the minute. */
    private static void sales(Bson... updates) {
        for (int hours = 0; hours < 2; hours++) {
            String hour = Instant.now().plus(Duration.ofHours(hours)).toString().substring(0, 13);
            everyEdition("inventory", "sales", found -> found.updateOne(eq("_id", hour), combine(updates), new UpdateOptions().upsert(true)));
        }
    }

    /** Changes a view behind its back. */
    private static void everyEdition(String service, String view, Function<MongoCollection<Document>, Publisher<?>> change) {
        MongoDatabase database = system.getBean(MongoClient.class).getDatabase(Databases.databaseName(service));
        Flux.from(database.listCollectionNames()).filter(name -> name.equals(view) || name.startsWith(view + "."))
                .concatMap(name -> change.apply(database.getCollection(name))).then().block();
    }

    private static void signIn() {
        browser.go(address + "/console");
        browser.type("#token", "not.a.token");
        browser.click("#sign-in");
        browser.until(b -> b.texts("#toast").get(0).contains("not accepted"));
        // the browser complains about the 401 that was meant
        browser.complaints();
        browser.click("#trial");
        browser.see("#nav-try");
    }

    private static void playScenes() throws Exception {
        browser.click("#nav-try");
        for (String scenario : SCENARIOS) {
            browser.click("#play-" + scenario);
            browser.see("[data-scenario=" + scenario + "]");
        }
        SCENARIOS.forEach(ConsoleTest::ended);
        browser.click("#play-slow-payment");
        browser.see("[data-scenario=slow-payment]");
        browser.click("#play-service-down");
        browser.see("[data-scenario=service-down]");
        ended("slow-payment");
        ended("service-down");
        browser.type("#orders", String.valueOf(BURST));
        browser.click("#play-burst");
        ended("burst");
        assertThat(browser.texts("#runs .problem")).isEmpty();
        assertThat(browser.texts("[data-scenario=burst] a.segment")).hasSize(BURST);
        browser.screenshot(SCREENSHOTS, "try");
    }

    private static void ended(String scenario) {
        browser.see("[data-scenario=" + scenario + "][data-ended=true]");
    }

    private static void seeTheCompensation() throws Exception {
        browser.click("[data-scenario=coupon-twice] a.segment");
        browser.until(b -> b.texts(".step.undo").size() == 3);
        assertThat(steps(".step")).containsExactly("TAKE_PAYMENT", "DEDUCT_STOCK", "USE_COUPON", "RESTORE_STOCK", "REFUND_PAYMENT", "FAIL_PAYMENT");
        assertThat(steps(".step.undo")).containsExactly("RESTORE_STOCK", "REFUND_PAYMENT", "FAIL_PAYMENT");
        assertThat(browser.see(".step.undo .work").getCssValue("fill")).isNotEqualTo(browser.see(".step:not(.undo) .work").getCssValue("fill"));
        browser.see("#history li.undo");
        List<String> history = browser.texts("#history li");
        assertThat(String.join("\n", history)).containsSubsequence("PaymentRequested", "TakePayment", "CouponUseRefused", "StockRestored", "PaymentRefunded", "PaymentFailed");
        assertThat(history).filteredOn(line -> line.contains("PaymentTaken")).allSatisfy(line -> assertThat(line).contains("asked by kim-"));
        browser.screenshot(SCREENSHOTS, "checkout");
    }

    private static void seeTheSlowPaymentSentAgain() {
        browser.click("#nav-try");
        browser.click("[data-scenario=slow-payment] a.segment");
        assertThat(browser.see("[data-step=TAKE_PAYMENT]").getText()).contains("times sent");
        assertThat(browser.all("[data-step=TAKE_PAYMENT] .again")).isNotEmpty();
    }

    private static void searchCheckouts() throws Exception {
        browser.click("#nav-checkouts");
        browser.until(b -> b.all("#checkouts tbody tr").size() >= SCENARIOS.size() + BURST);
        browser.screenshot(SCREENSHOTS, "checkouts");
        browser.click("#search-state option[value=FAILED]");
        browser.click("form[role=search] button");
        browser.until(b -> b.texts("#checkouts tbody td:nth-child(2)").stream().allMatch("failed"::equals) && !b.all("#checkouts tbody tr").isEmpty());
    }

    private static void lookBackInTime() throws Exception {
        browser.click("#nav-events");
        browser.until(b -> b.all("#events .event").size() == 50);
        browser.screenshot(SCREENSHOTS, "events");
        browser.type("#search-type", "PaymentRefunded");
        browser.click("form[role=search] button");
        browser.until(b -> !b.all("#events .event").isEmpty() && b.texts("#events .event b").stream().allMatch("PaymentRefunded"::equals));
        browser.click("#events .event summary");
        browser.click("#events .event[open] a[href*=aggregates]");
        browser.until(b -> b.texts("#event-type").contains("PaymentRefunded"));
        assertThat(browser.texts("#changes td:first-child")).anyMatch(path -> path.startsWith("/balance"));
        browser.screenshot(SCREENSHOTS, "aggregate");
        browser.script("const s = document.getElementById('moment'); s.value = 0; s.dispatchEvent(new Event('input'));");
        browser.until(b -> b.texts("#event-type").contains("WalletCharged"));
        assertThat(browser.see("#state").getText()).contains("\"amount\": 10");
    }

    private static List<JsonNode> numbers() {
        List<JsonNode> numbers = new ArrayList<>();
        JsonNode products = shop.get("anyone", "/products").get("items");
        numbers.add(products);
        products.forEach(product -> numbers.add(shop.get("anyone", "/products/" + product.get("productId").asString())));
        return numbers;
    }

    private static void rebuildAView() throws Exception {
        browser.click("#nav-replay");
        reset("inventory-views", "");
        browser.see("#processor-inventory-views .rebuild[data-state=SWITCHED]");
        assertThat(browser.see("#processor-inventory-views progress").getDomProperty("value")).isEqualTo("1");
        browser.screenshot(SCREENSHOTS, "replay");
    }

    private static void seeTheOverview() throws Exception {
        browser.click("#nav-overview");
        browser.until(b -> b.texts("#live").get(0).contains("live"));
        browser.until(b -> Integer.parseInt(b.see("#tile-completed .value").getText()) >= 20);
        assertThat(browser.see("#tile-waiting .value").getText()).isEqualTo("0");
        browser.until(b -> b.all("tbody tr").size() >= 5);
        browser.screenshot(SCREENSHOTS, "overview");
    }

    private static void readItInKoreanOnAPhoneInTheDark() throws Exception {
        browser.click("#language");
        browser.until(b -> b.texts("h1").contains("현황"));
        assertThat(browser.script("return document.documentElement.lang")).isEqualTo("ko");
        browser.click("#theme");
        browser.phone(390, 844);
        for (String page : List.of("overview", "checkouts", "events", "replay", "try")) {
            browser.click("#nav-" + page);
            browser.see("h1");
            browser.until(b -> (Boolean) b.script("return document.documentElement.scrollWidth <= window.innerWidth"));
        }
        browser.click("#nav-overview");
        browser.see("#tile-perminute");
        browser.screenshot(SCREENSHOTS, "phone");
        browser.noPhone();
        browser.click("#theme");
        browser.click("#language");
        browser.until(b -> b.texts("h1").contains("Overview"));
    }

    private static List<String> steps(String selector) {
        return browser.all(selector).stream().map((WebElement step) -> step.getDomAttribute("data-step")).toList();
    }
}
