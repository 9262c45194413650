package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private final List<Workload.Order> orders = IntStream.range(0, 1_000).mapToObj(Workload.SPREAD::order).toList();

    @Test
    void a_tenth_is_refused_at_stock() {
        assertThat(orders).filteredOn(order -> order.product() == Workload.SPREAD.products()).hasSize(100);
    }

    @Test
    void a_fifth_spends_a_coupon_and_pays_less_and_none_of_them_is_refused() {
        List<Workload.Order> withCoupon = orders.stream().filter(Workload.Order::coupon).toList();
        assertThat(withCoupon).hasSize(200).allMatch(order -> order.total() == Workload.PRICE - Workload.DISCOUNT)
                .noneMatch(order -> order.product() == Workload.SPREAD.products());
    }

    @Test
    void everyone_who_gets_something_of_a_hot_product_gets_the_same() {
        assertThat(IntStream.range(0, 1_000).mapToObj(Workload.HOT::order).map(Workload.Order::product).distinct()).containsExactly(0, 1);
    }
}
