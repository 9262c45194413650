package jangter.coupon;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.platform.http.Caller;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A customer's own coupons. */
@RestController
@Tag(name = "Coupons")
class CouponController {

    private final CustomerCoupons coupons;

    CouponController(CustomerCoupons coupons) {
        this.coupons = coupons;
    }

    @GetMapping("/coupons/me")
    @Operation(summary = "Your coupons, those issued last first")
    Mono<Page<OwnedCoupon>> page(Caller caller, PageRequest request) {
        return coupons.page(caller.id(), request);
    }
}
