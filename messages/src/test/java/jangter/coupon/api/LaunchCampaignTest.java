package jangter.coupon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jangter.coupon.api.CouponCommand.LaunchCampaign;
import jangter.kernel.CampaignId;
import jangter.kernel.InvalidValueException;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.Quantity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchCampaignTest {

    @ParameterizedTest
    @ValueSource(ints = {1, CouponCommand.MOST_COUPONS})
    void a_campaign_has_from_one_coupon_to_the_most_it_can_remember(int quantity) {
        assertThat(launch(quantity, Duration.ofDays(1)).quantity().value()).isEqualTo(quantity);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, CouponCommand.MOST_COUPONS + 1, Quantity.MOST})
    void a_campaign_has_neither_no_coupons_nor_more_than_it_can_remember(int quantity) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> launch(quantity, Duration.ofDays(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "P30D", "P3650D"})
    void a_coupon_is_good_for_a_second_to_ten_years(String validFor) {
        assertThat(launch(1, Duration.parse(validFor)).validFor()).isEqualTo(Duration.parse(validFor));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.999S", "P-1D", "P3650DT1S", "P100000000D"})
    void a_coupon_is_good_for_neither_less_nor_longer(String validFor) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> launch(1, Duration.parse(validFor)));
    }

    private static LaunchCampaign launch(int quantity, Duration validFor) {
        return new LaunchCampaign(new CampaignId("campaign-1"), new Name("First snow"), new Discount.Fixed(Money.of(1_000, "KRW")),
                new Quantity(quantity), new Window(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-11-02T00:00:00Z")), validFor);
    }
}
