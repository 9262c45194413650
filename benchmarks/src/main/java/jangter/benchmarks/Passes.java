package jangter.benchmarks;

import io.netty.handler.codec.http.HttpHeaders;

/** How a request says who asks: the one place that knows. */
final class Passes {

    private Passes() {
    }

    static void asCustomer(HttpHeaders headers, String customer) {
        headers.set("X-Jangter-Customer", customer);
    }

    static void asStaff(HttpHeaders headers) {
        headers.set("X-Jangter-Customer", "bench-staff").set("X-Jangter-Role", "staff");
    }
}
