package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
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
        browser.size(1160, 780);
        signIn();
        playScenes();
        seeTheCompensation();
        seeTheSlowPaymentSentAgain();
        searchCheckouts();
        lookBackInTime();
        List<JsonNode> before = numbers();
        rebuildAView();
        assertThat(numbers()).isEqualTo(before);
        seeTheOverview();
        assertThat(browser.complaints()).isEmpty();
        readItInKoreanOnAPhoneInTheDark();
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
        browser.click("#reset-inventory-views");
        browser.click("#confirm");
        browser.see("#processor-inventory-views .rebuild");
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
        browser.size(500, 900);
        for (String page : List.of("overview", "checkouts", "events", "replay", "try")) {
            browser.click("#nav-" + page);
            browser.see("h1");
            browser.until(b -> (Boolean) b.script("return document.documentElement.scrollWidth <= window.innerWidth"));
        }
        browser.click("#nav-overview");
        browser.see("#tile-perminute");
        browser.screenshot(SCREENSHOTS, "phone");
    }

    private static List<String> steps(String selector) {
        return browser.all(selector).stream().map((WebElement step) -> step.getDomAttribute("data-step")).toList();
    }
}
