package jangter.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import jangter.kernel.Money;
import jangter.payment.WalletController.Charge;
import jangter.payment.WalletController.WalletDetails;
import jangter.payment.api.PaymentEvent.WalletCharged;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;

class WalletHttpTest extends WalletScene {

    private static final String CHARGES = "/wallets/me/charges";
    private static final String WON_10_000 = """
            {"amount":{"amount":10000,"currency":"KRW"}}""";

    @Nested
    class Charging {

        @Test
        void a_charge_is_answered_with_what_was_put_in() {
            Charge charge = post(alice, CHARGES, WON_10_000).expectStatus().isCreated().expectBody(Charge.class).returnResult()
                    .getResponseBody();

            assertThat(charge.amount()).isEqualTo(won(10_000));
            assertThat(told()).asInstanceOf(LIST)
                    .containsExactly(new WalletCharged(wallet, charge.chargeId(), won(10_000), won(10_000)));
        }

        @Test
        void two_charges_without_a_key_are_two() {
            post(alice, CHARGES, WON_10_000).expectStatus().isCreated();
            post(alice, CHARGES, WON_10_000).expectStatus().isCreated();

            assertThat(told()).hasSize(2);
        }

        @Test
        void the_same_key_gives_the_same_answer_and_charges_once() {
            Charge first = charged(WON_10_000, "key-1");
            Charge second = charged(WON_10_000, "key-1");

            assertThat(second).isEqualTo(first);
            assertThat(told()).hasSize(1);
        }

        @Test
        void the_same_key_under_another_amount_is_refused() {
            post(alice, CHARGES, WON_10_000, "key-1").expectStatus().isCreated();

            refused(post(alice, CHARGES, WON_10_000.replace("10000", "10001"), "key-1"), 422, "idempotency-key-reused");
            assertThat(told()).hasSize(1);
        }

        @Test
        void the_same_key_of_another_customer_is_another_key() {
            post(alice, CHARGES, WON_10_000, "key-1").expectStatus().isCreated();
            post(bob, CHARGES, WON_10_000, "key-1").expectStatus().isCreated();

            await().atMost(SOON).until(() -> shown(alice).balance().equals(won(10_000)) && shown(bob).balance().equals(won(10_000)));
        }

        @Test
        void a_full_wallet_refuses() {
            charge("1", won(Money.MOST));

            refused(post(alice, CHARGES, WON_10_000), 409, "wallet-full");
            assertThat(told()).hasSize(1);
        }

        @Test
        void a_wallet_that_keeps_another_currency_than_the_shop_by_now_refuses() {
            charge("1", Money.of(1, "USD"));

            refused(post(alice, CHARGES, WON_10_000), 422, "other-currency");
            assertThat(told()).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
            "{\"amount\":{\"amount\":0,\"currency\":\"KRW\"}};                                          400; invalid-value",
            "{\"amount\":{\"amount\":-1,\"currency\":\"KRW\"}};                                         400; invalid-value",
            "{\"amount\":{\"amount\":1000000000000001,\"currency\":\"KRW\"}};                           400; invalid-value",
            "{\"amount\":{\"amount\":-9223372036854775808,\"currency\":\"KRW\"}};                       400; invalid-value",
            "{\"amount\":{\"amount\":9223372036854775808,\"currency\":\"KRW\"}};                        400; malformed",
            "{\"amount\":{\"amount\":1.5,\"currency\":\"KRW\"}};                                        400; malformed",
            "{\"amount\":{\"amount\":1.0,\"currency\":\"KRW\"}};                                        400; malformed",
            "{\"amount\":{\"amount\":1e3,\"currency\":\"KRW\"}};                                        400; malformed",
            "{\"amount\":{\"amount\":NaN,\"currency\":\"KRW\"}};                                        400; malformed",
            "{\"amount\":{\"amount\":\"1000\",\"currency\":\"KRW\"}};                                   400; malformed",
            "{\"amount\":{\"amount\":true,\"currency\":\"KRW\"}};                                       400; malformed",
            "{\"amount\":{\"amount\":null,\"currency\":\"KRW\"}};                                       400; malformed",
            "{\"amount\":{\"amount\":[1],\"currency\":\"KRW\"}};                                        400; malformed",
            "{\"amount\":{\"currency\":\"KRW\"}};                                                       400; malformed",
            "{\"amount\":{\"amount\":1000}};                                                            400; invalid-value",
            "{\"amount\":{\"amount\":1000,\"currency\":null}};                                          400; invalid-value",
            "{\"amount\":{\"amount\":1000,\"currency\":\"\"}};                                          400; invalid-value",
            "{\"amount\":{\"amount\":1000,\"currency\":\"won\"}};                                       400; malformed",
            "{\"amount\":{\"amount\":1000,\"currency\":410}};                                           400; malformed",
            "{\"amount\":{\"amount\":1000,\"currency\":\"USD\"}};                                       422; other-currency",
            "{\"amount\":{\"amount\":1000,\"currency\":\"KRW\",\"more\":1}};                            400; malformed",
            "{\"amount\":{\"amount\":1000,\"amount\":1,\"currency\":\"KRW\"}};                          400; malformed",
            "{\"amount\":{\"amount\":1000,\"currency\":\"KRW\"},\"amount\":null};                       400; malformed",
            "{\"amount\":{\"amount\":1000,\"currency\":\"KRW\"},\"walletId\":\"wallet-bob\"};           400; malformed",
            "{\"amount\":{\"amount\":1000,\"currency\":\"KRW\"}} {};                                    400; malformed",
            "{\"amount\":1000};                                                                         400; malformed",
            "{\"amount\":null};                                                                         400; invalid-value",
            "{};                                                                                        400; invalid-value",
            "[];                                                                                        400; malformed",
            "null;                                                                                      400; malformed",
            "`\"1000 KRW\"`;                                                                            400; malformed",
            "{\"amount\":{\"amount\":1000;                                                              400; malformed",
            "``;                                                                                        400; malformed"})
        void bad_input_is_refused_and_changes_nothing(String body, int status, String code) {
            refused(post(alice, CHARGES, body), status, code);
            refused(post(alice, CHARGES, body, "key-1"), status, code);

            assertThat(told()).isEmpty();
        }

        @Test
        void nobody_cannot_charge() {
            refused(http.post().uri(CHARGES).contentType(MediaType.APPLICATION_JSON).bodyValue(WON_10_000).exchange(), 401,
                    "not-signed-in");
        }

        private Charge charged(String body, String key) {
            return post(alice, CHARGES, body, key).expectStatus().isCreated().expectBody(Charge.class).returnResult().getResponseBody();
        }
    }

    @Nested
    class Showing {

        @Test
        void a_wallet_shows_its_balance() {
            charge("1", won(10_000));

            await().atMost(SOON).untilAsserted(() -> assertThat(shown(alice)).isEqualTo(new WalletDetails(wallet, won(10_000))));
        }

        @Test
        void a_customer_who_never_charged_has_an_empty_wallet_and_no_history() {
            assertThat(shown(alice)).isEqualTo(new WalletDetails(wallet, won(0)));
            assertThat(history(alice, "").items()).isEmpty();
            assertThat(history(alice, "").next()).isNull();
        }

        @Test
        void nobody_sees_anothers_wallet() {
            charge("1", won(10_000));
            awaitEntries(1);

            assertThat(shown(bob).balance()).isEqualTo(won(0));
            assertThat(history(bob, "").items()).isEmpty();
        }

        @Test
        void nobody_has_no_wallet() {
            refused(http.get().uri("/wallets/me").exchange(), 401, "not-signed-in");
            refused(http.get().uri("/wallets/me/history").exchange(), 401, "not-signed-in");
        }

        @Test
        void there_is_no_door_to_wallets_by_id() {
            refused(get(alice, "/wallets/" + wallet), 404, "not-found");
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", "-1", "1.5", "9223372036854775808", "0x10", "", "2026-11-22T09:00:00Z_order-1"})
        void a_cursor_that_no_page_told_is_refused(String cursor) {
            charge("1", won(10_000));
            awaitEntries(1);

            refused(get(alice, "/wallets/me/history?cursor=" + cursor), 400, "invalid-value");
        }

        @Test
        void a_cursor_beyond_the_end_finds_nothing() {
            charge("1", won(10_000));
            awaitEntries(1);

            assertThat(history(alice, "?cursor=0").items()).isEmpty();
            assertThat(history(alice, "?cursor=9223372036854775807").items()).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "-1", "101", "many"})
        void a_page_has_from_1_to_100_entries(String size) {
            refused(get(alice, "/wallets/me/history?size=" + size), 400, "invalid-value");
        }
    }
}
