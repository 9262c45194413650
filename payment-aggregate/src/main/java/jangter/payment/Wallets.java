package jangter.payment;

import jangter.kernel.InvalidValueException;
import jangter.kernel.Money;
import jangter.kernel.OrderId;
import jangter.kernel.Require;
import jangter.kernel.WalletId;
import jangter.payment.WalletEntry.Kind;
import jangter.payment.api.PaymentEvent.DeclineReason;
import jangter.platform.Shop;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.mongo.Databases;
import jangter.platform.mongo.Documents;
import jangter.platform.mongo.View;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.bson.Document;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads what {@link WalletViews} writes. */
@Component
class Wallets {

    static final String WALLETS = "wallets";
    static final String HISTORY = "history";

    /** So many of a wallet's events share a page, whether they have an entry there or not. */
    static final int ENTRIES_PER_PAGE = 50;

    private static final int PAGES_AT_ONCE = 4;
    private static final Comparator<Numbered> NEWEST_FIRST = Comparator.comparing(Numbered::number).reversed();

    private final View wallets;
    private final View history;
    private final Money nothing;

    Wallets(Databases databases, Shop shop) {
        this.wallets = databases.of(PaymentService.NAME).view(WalletViews.GROUP, WALLETS);
        this.history = databases.of(PaymentService.NAME).view(WalletViews.GROUP, HISTORY);
        this.nothing = Money.zero(shop.currency());
    }

    /** Where a page of a wallet's history is kept. No wallet's id holds a slash. */
    static String page(WalletId wallet, long number) {
        return wallet + "/" + number;
    }

    /** What a wallet holds: nothing, in the shop's currency, where its customer has never charged it. */
    Mono<Money> balance(WalletId wallet) {
        return wallets.find(wallet).mapNotNull(found -> found.get("state", Document.class))
                .map(state -> Documents.money(state, "balance"))
                .defaultIfEmpty(nothing);
    }

    /** What happened to a wallet, newest first; the cursor is the number of the last entry of the page before. */
    Mono<Page<WalletEntry>> history(WalletId wallet, PageRequest request) {
        long before = request.cursor() == null ? Long.MAX_VALUE : number(request.cursor());
        return wallets.find(wallet)
                .flatMapMany(found -> entriesBefore(wallet, Math.min(before, found.getLong("latest") + 1)))
                .take(request.size() + 1L)
                .collectList()
                .map(found -> page(found, request.size()));
    }

    private Flux<Numbered> entriesBefore(WalletId wallet, long before) {
        return Flux.fromStream(() -> LongStream.rangeClosed(0, before / ENTRIES_PER_PAGE).mapToObj(n -> before / ENTRIES_PER_PAGE - n))
                .buffer(PAGES_AT_ONCE)
                .concatMap(pages -> history.findAll(pages.stream().map(page -> page(wallet, page)).toList())
                        .flatMapIterable(page -> page.get("entries", Document.class).entrySet())
                        .map(entry -> new Numbered(Long.parseLong(entry.getKey()), (Document) entry.getValue()))
                        .filter(entry -> entry.number() < before)
                        .sort(NEWEST_FIRST), 1);
    }

    private static Page<WalletEntry> page(List<Numbered> found, int size) {
        List<Numbered> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size ? String.valueOf(shown.get(size - 1).number()) : null;
        return new Page<>(shown.stream().map(Numbered::entry).toList(), next);
    }

    private static long number(String cursor) {
        try {
            long number = Long.parseLong(cursor);
            Require.between("cursor", number, 0, Long.MAX_VALUE);
            return number;
        } catch (NumberFormatException notOurs) {
            throw new InvalidValueException("cursor", "must be one that the page before told");
        }
    }

    private record Numbered(long number, Document document) {

        WalletEntry entry() {
            String order = document.getString("order");
            return new WalletEntry(Documents.instant(document, "at"), Documents.constant(document, "kind", Kind.class),
                    Documents.money(document, "amount"), Documents.money(document, "balance"), order == null ? null : new OrderId(order),
                    Documents.constant(document, "reason", DeclineReason.class));
        }
    }
}
