package jangter.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jangter.kernel.Money;
import jangter.kernel.PaymentId;
import jangter.payment.WalletEntry.Kind;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.platform.http.Page;
import jangter.platform.messaging.ViewsAnew;
import jangter.platform.mongo.Rebuild;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.axonframework.config.EventProcessingConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;

class WalletViewsTest extends WalletScene {

    @Autowired
    BeanFactory service;

    @Autowired
    EventProcessingConfiguration processing;

    @Test
    void the_history_tells_what_happened_to_a_customers_money_newest_first() {
        PaymentId first = payment("first");
        charge("1", won(10_000));
        take(first, won(3_000));
        refund(first);
        take(payment("second"), won(10_001));
        take(payment("third"), Money.of(1, "USD"));
        awaitEntries(5);

        assertThat(history(alice, "").items()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("at").containsExactly(
                new WalletEntry(REQUESTED, Kind.DECLINED, Money.of(1, "USD"), null, ORDER, DeclineReason.OTHER_CURRENCY),
                new WalletEntry(REQUESTED, Kind.DECLINED, won(10_001), null, ORDER, DeclineReason.INSUFFICIENT_BALANCE),
                new WalletEntry(REQUESTED, Kind.REFUNDED, won(3_000), won(10_000), ORDER, null),
                new WalletEntry(REQUESTED, Kind.PAID, won(3_000), won(7_000), ORDER, null),
                new WalletEntry(REQUESTED, Kind.CHARGED, won(10_000), won(10_000), null, null));
    }

    @Test
    void the_history_dates_entries_by_their_events() {
        charge("1", won(10_000));
        awaitEntries(1);

        assertThat(history(alice, "").items().get(0).at().toEpochMilli()).isEqualTo(past().get(0).getTimestamp().toEpochMilli());
    }

    @Test
    void the_history_does_not_tell_how_a_checkout_was_undone_before_it_was_done() {
        PaymentId late = payment("late");
        charge("1", won(10_000));
        refund(late);
        take(late, won(3_000));
        charge("2", won(1));
        awaitEntries(2);

        assertThat(history(alice, "").items()).extracting(WalletEntry::kind).containsExactly(Kind.CHARGED, Kind.CHARGED);
    }

    @Test
    void a_wallet_shows_its_balance_after_all_that_happened() {
        charge("1", won(10_000));
        take(payment("first"), won(3_000));
        take(payment("second"), won(3_500));

        awaitBalance(won(3_500));
    }

    @Test
    void a_customer_who_was_only_declined_has_an_empty_wallet_and_a_history() {
        take(payment("first"), won(1));
        awaitEntries(1);

        assertThat(shown(alice).balance()).isEqualTo(won(0));
    }

    @Test
    void a_long_history_is_told_page_by_page_with_nothing_missing_and_nothing_twice() {
        for (int n = 1; n <= 130; n++) {
            charge(String.valueOf(n), won(n));
        }
        await().atMost(SOON).until(() -> history(alice, "?size=1").items().stream().anyMatch(entry -> entry.amount().equals(won(130))));

        List<Money> amounts = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Page<WalletEntry> page = history(alice, "?size=30" + cursor);
            page.items().forEach(entry -> amounts.add(entry.amount()));
            cursor = page.next() == null ? null : "&cursor=" + page.next();
        }

        assertThat(amounts).isEqualTo(IntStream.rangeClosed(1, 130).mapToObj(n -> won(131 - n)).toList());
    }

    @Test
    void pages_of_the_history_without_a_single_entry_are_passed_over() {
        charge("first", won(10_000));
        IntStream.range(0, 6 * Wallets.ENTRIES_PER_PAGE).forEach(n -> refund(payment("void-" + n)));
        charge("second", won(1));

        await().atMost(SOON).untilAsserted(() ->
                assertThat(history(alice, "").items()).extracting(WalletEntry::amount).containsExactly(won(1), won(10_000)));
    }

    @Test
    void events_that_come_again_change_nothing() {
        charge("1", won(10_000));
        take(payment("first"), won(3_000));
        refund(payment("first"));
        take(payment("second"), won(20_000));
        awaitEntries(4);
        List<WalletEntry> before = history(alice, "").items();

        past().forEach(events::publish);
        charge("2", won(1));
        awaitEntries(5);

        assertThat(history(alice, "").items().subList(1, 5)).isEqualTo(before);
        awaitBalance(won(10_001));
    }

    @Test
    void an_old_event_that_comes_alone_does_not_turn_the_balance_back() {
        charge("1", won(10_000));
        take(payment("first"), won(3_000));
        awaitEntries(2);
        awaitBalance(won(7_000));

        events.publish(past().get(0));
        take(payment("second"), won(20_000));
        awaitEntries(3);

        assertThat(shown(alice).balance()).isEqualTo(won(7_000));
    }

    @Test
    void views_that_are_built_anew_tell_the_same() {
        charge("1", won(10_000));
        take(payment("first"), won(3_000));
        awaitEntries(2);
        List<WalletEntry> before = history(alice, "").items();

        Rebuild rebuilt = ViewsAnew.build(service, WalletViews.GROUP);

        assertThat(rebuilt.differences()).isEmpty();
        assertThat(history(alice, "").items()).isEqualTo(before);
        awaitBalance(won(7_000));
    }
}
