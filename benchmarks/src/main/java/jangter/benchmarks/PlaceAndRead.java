package jangter.benchmarks;

import jangter.benchmarks.Measurement.Round;
import jangter.benchmarks.WarmUp.Until;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** Customers place orders and look at them: of four requests one places, two read an order and one lists. */
final class PlaceAndRead {

    private static final int CUSTOMERS = 1_000;
    private static final int REQUESTS_A_SECOND = 500;
    private static final int ROUNDS_NO_FASTER = 3;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(5);

    private final Shop shop;
    private final Options options;
    private final String run;
    private final PrintStream out;
    private final ProductId product;
    private final Map<Integer, String> placed = new ConcurrentHashMap<>();

    PlaceAndRead(Shop shop, Options options, String run, PrintStream out) {
        this.shop = shop;
        this.options = options;
        this.run = run;
        this.out = out;
        this.product = ProductId.of(UUID.nameUUIDFromBytes((run + "/orders/product").getBytes(StandardCharsets.UTF_8)));
    }

    Measurement measure() {
        shop.bus().send(new RegisterProduct(product, new Name("Bench"), Money.of(Workload.PRICE, "KRW"), new Quantity(1))).block();
        shop.rest();
        shop.passes().expect(IntStream.range(0, CUSTOMERS).mapToObj(this::name));
        // whoever reads has an order to read
        Load.closed(options.clients(), CUSTOMERS, this::place).allAre(Map.of("placed", CUSTOMERS));
        shop.rest();
        int requests = options.seconds() * REQUESTS_A_SECOND / options.rounds();
        new WarmUp(out).up("orders", new Until(options.warmUp(), ROUNDS_NO_FASTER, LONGEST_WARM_UP), shop::cpu, () -> requests(requests).perSecond());
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            Duration before = shop.cpu();
            Load.Taken taken = requests(requests);
            shop.rest();
            rounds.add(new Round(taken, shop.cpu().minus(before).toNanos() / 1e6));
            out.printf("  orders, round %d: %,.0f/s%n", i + 1, rounds.get(i).perSecond());
        }
        return Measurement.of("orders", shop.name(), shop.durability(), rounds, Turns.machineLoad());
    }

    private Load.Taken requests(int number) {
        return Load.closed(options.clients(), number, this::request).allIn(Set.of("placed", "read", "listed"));
    }

    private Mono<String> request(int number) {
        int customer = number / 4 % CUSTOMERS;
        if (number % 4 == 0) {
            return place(customer);
        }
        String order = placed.get(customer);
        return number % 4 == 3 ? read(customer, "/orders", "listed") : read(customer, "/orders/" + order, "read");
    }

    private Mono<String> place(int customer) {
        return shop.post(shop.passes().ofCustomer(name(customer)), "/orders", "{\"lines\":[{\"productId\":\"" + product + "\",\"quantity\":1}]}")
                .map(answer -> {
                    if (answer.isGood()) {
                        placed.put(customer, answer.field("orderId"));
                    }
                    return answer.isGood() ? "placed" : "HTTP " + answer.status();
                });
    }

    private Mono<String> read(int customer, String path, String what) {
        return shop.get(shop.passes().ofCustomer(name(customer)), path).map(answer -> answer.isGood() ? what : "HTTP " + answer.status());
    }

    private String name(int customer) {
        return "bench-" + run + "-orders-" + customer;
    }
}
