package jangter.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The Chromium that is installed, without a window, asking nobody but us. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Warns of every browser that is newer than itself. */
    private static final Logger QUIET = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test, with a word, where there is no Chromium and its driver. */
    static Browser open(Path profile) {
        Optional<File> browser = onThePath("chromium");
        Optional<File> service = onThePath("chromedriver");
        assumeTrue(browser.isPresent() && service.isPresent(), "no browser: install chromium and chromium-driver to have the console's pages walked through");
        QUIET.setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.get());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--lang=en", "--user-data-dir=" + profile);
        return new Browser(new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(service.get()).build(), options));
    }

    private static Optional<File> onThePath(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(folder -> new File(folder, name)).filter(File::canExecute).findFirst();
    }

    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** As if on a phone, which may be narrower than a window can be. */
    void phone(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", true));
    }

    void noPhone() {
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** Presses keys wherever the focus is. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void go(String address) {
        driver.get(address);
    }

    /** Waits for it, and clicks it, also if the page draws itself anew meanwhile. */
    void click(String selector) {
        until(browser -> {
            WebElement found = browser.driver.findElement(By.cssSelector(selector));
            // the page's top stays where it is, and may lie above what the last page was scrolled to
            browser.script("arguments[0].scrollIntoView({block: 'nearest'})", found);
            found.click();
            return true;
        });
    }

    void type(String selector, String text) {
        WebElement field = see(selector);
        field.clear();
        field.sendKeys(text);
    }

    WebElement see(String selector) {
        return until(browser -> browser.all(selector).stream().filter(WebElement::isDisplayed).findFirst().orElse(null));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** The text of each, as it stands now. */
    List<String> texts(String selector) {
        return until(browser -> browser.all(selector).stream().map(WebElement::getText).toList());
    }

    <T> T until(Function<Browser, T> condition) {
        return new WebDriverWait(driver, PATIENCE, Duration.ofMillis(100))
                .ignoreAll(List.of(StaleElementReferenceException.class, org.openqa.selenium.NoSuchElementException.class,
                        org.openqa.selenium.ElementNotInteractableException.class))
                .until(ignored -> condition.apply(this));
    }

    Object script(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** What the browser complained about: a broken rule of the page's policy, a script that failed. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream().filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage).toList();
    }

    void screenshot(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        script("const toast = document.getElementById('toast'); toast.style.transition = 'none'; toast.classList.remove('shown'); window.scrollTo(0, 0)");
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
