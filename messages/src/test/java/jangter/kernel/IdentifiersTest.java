package jangter.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

    private static final UUID SOME = UUID.fromString("00000000-0000-4000-8000-000000000001");

    /** Of each kind: its prefix, how it is read and how it is made. */
    static Stream<Arguments> kinds() {
        return Stream.of(
                kind("order-", OrderId::new, OrderId::of),
                kind("payment-", PaymentId::new, PaymentId::of),
                kind("product-", ProductId::new, ProductId::of),
                kind("delivery-", DeliveryId::new, DeliveryId::of),
                kind("charge-", ChargeId::new, ChargeId::of),
                kind("campaign-", CampaignId::new, CampaignId::of),
                kind("coupon-", CouponId::new, CouponId::of));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void an_id_begins_with_what_it_identifies_and_reads_as_it_is_written(String prefix, Function<String, Object> read,
            Function<UUID, Object> make) {
        assertThat(make.apply(SOME)).hasToString(prefix + SOME).isEqualTo(read.apply(prefix + SOME));
        assertThat(read.apply(prefix + "7")).hasToString(prefix + "7");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void anything_else_is_no_id(String prefix, Function<String, Object> read) {
        Stream.of(null, "", prefix, prefix + " ", prefix + "a b", prefix + "a.b", prefix + "$a", prefix + "é", prefix + "a\n", "7",
                "x" + prefix + "7", prefix.toUpperCase() + "7", "thing-7", prefix + "7".repeat(65)).forEach(value ->
                assertThatExceptionOfType(InvalidValueException.class).as("%s", value).isThrownBy(() -> read.apply(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "a", "auth0|5f7c8ec7c33c6c004bbafe82", "7", "a.b_c:d-e"})
    void a_customer_is_named_as_the_identity_provider_names_it(String value) {
        assertThat(new CustomerId(value)).hasToString(value);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", "-alice", "alice@example.org", "a b", "alice\n", "$where", "앨리스"})
    void an_address_or_a_sentence_names_no_customer(String value) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new CustomerId(value));
    }

    @Test
    void a_name_of_a_customer_has_an_end() {
        assertThat(new CustomerId("a".repeat(64)).value()).hasSize(64);
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new CustomerId("a".repeat(65)));
    }

    @Test
    void a_wallet_is_its_customers() {
        CustomerId longest = new CustomerId("a".repeat(64));

        assertThat(WalletId.of(new CustomerId("alice"))).isEqualTo(new WalletId("wallet-alice"));
        assertThat(new WalletId("wallet-alice").owner()).isEqualTo(new CustomerId("alice"));
        assertThat(WalletId.of(longest).owner()).isEqualTo(longest);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"wallet-", "alice", "wallet-@", "purse-alice"})
    void anything_else_is_no_wallet(String value) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> new WalletId(value));
    }

    private static Arguments kind(String prefix, Function<String, Object> read, Function<UUID, Object> make) {
        return Arguments.of(prefix, read, make);
    }
}
