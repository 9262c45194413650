package jangter.benchmarks;

import jangter.benchmarks.yardstick.Postgres;
import jangter.benchmarks.yardstick.Yardstick;
import jangter.benchmarks.yardstick.Yardstick.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** A yardstick's checkouts, over HTTP, in a process of its own. */
final class YardstickCheckouts implements Target {

    private static final String SYNCED = "synced at every commit";

    private final Yardstick yardstick;
    private final Postgres postgres;
    private final Workload workload;
    private final Program program;
    private final Door door;
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger paid = new AtomicInteger();

    /** @param postgres which serves nobody else: all that it does counts */
    YardstickCheckouts(Yardstick yardstick, Postgres postgres, Workload workload, Path folder) {
        this.yardstick = yardstick;
        this.postgres = postgres;
        this.workload = workload;
        yardstick.create(postgres);
        insert(Table.WALLETS, 0, workload.customers(), customer -> "(" + customer + ", 1000000000000)");
        insert(Table.PRODUCTS, 0, workload.products() + 1, product -> "(" + product + ", " + (product == workload.products() ? 0 : 100_000_000) + ")");
        int port = Program.freePort();
        program = Program.again(folder.resolve(yardstick.title() + ".out"), port, Bench.YARDSTICK, yardstick.title(), String.valueOf(postgres.address().port()),
                postgres.address().password(), folder.toString(), String.valueOf(port));
        door = new Door(program.address());
        program.awaitHealthy(door, "/health");
    }

    @Override
    public String name() {
        return yardstick.title();
    }

    @Override
    public String durability() {
        return SYNCED;
    }

    @Override
    public void place(int orders) {
        int first = placed.getAndAdd(orders);
        insert(Table.COUPONS, first, first + orders, number -> "(" + number + ", " + workload.order(number).customer() + ", null)");
        insert(Table.ORDERS, first, first + orders, number -> row(workload.order(number)));
    }

    private static String row(Workload.Order order) {
        return "(" + order.number() + ", " + order.customer() + ", " + order.product() + ", 1, " + order.total() + ", "
                + (order.coupon() ? order.number() : "null") + ", 'PENDING', null)";
    }

    private void insert(Table table, int first, int end, IntFunction<String> row) {
        postgres.execute(yardstick.database(table), "insert into " + table + " values "
                + IntStream.range(first, end).mapToObj(row).collect(Collectors.joining(",")));
        postgres.execute(yardstick.database(table), "analyze " + table);
    }

    @Override
    public Mono<String> payNext() {
        Workload.Order order = workload.order(paid.getAndIncrement());
        return door.post(Headers.of("X-Customer", String.valueOf(order.customer())), "/orders/" + order.number() + "/payment", null)
                .map(YardstickCheckouts::outcome);
    }

    private static String outcome(Door.Answer answer) {
        return answer.body().contains("\"COMPLETED\"") ? COMPLETED : answer.body().contains("\"OUT_OF_STOCK\"") ? REFUSED : answer.status() + answer.body();
    }

    @Override
    public void rest() {
        // what it does is done when it answers
    }

    @Override
    public Duration cpu() {
        return CpuTime.ofTree(program.handle()).plus(CpuTime.ofTree(postgres.process()));
    }

    @Override
    public void close() {
        door.close();
        program.close();
    }
}
