package jangter.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceTest {

    @ParameterizedTest
    @CsvSource({"/orders, ORDER", "/orders/1/payment, ORDER", "/orders?size=5, ORDER", "/wallets/me, PAYMENT", "/products/1, INVENTORY", "/campaigns/1/coupons, COUPON",
        "/coupons, COUPON", "/checkouts, SAGA"})
    void a_path_is_its_services(String path, Service service) {
        assertThat(Service.ofPath(path)).isEqualTo(service);
    }

    @ParameterizedTest
    @CsvSource({"order-views, ORDER", "order-catalogue, ORDER", "saga-checkout, SAGA"})
    void a_processor_is_its_services(String name, Service service) {
        assertThat(Service.ofProcessor(name)).isEqualTo(service);
    }

    @Test
    void a_path_of_nobodys_is_told() {
        assertThatThrownBy(() -> Service.ofPath("/actuator/health")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("/actuator/health");
    }
}
