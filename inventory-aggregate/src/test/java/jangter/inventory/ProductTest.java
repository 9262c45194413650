package jangter.inventory;

import static java.util.stream.Collectors.toUnmodifiableSet;

import jangter.inventory.api.InventoryCommand.AddStock;
import jangter.inventory.api.InventoryCommand.ChangePrice;
import jangter.inventory.api.InventoryCommand.DeductStock;
import jangter.inventory.api.InventoryCommand.RegisterProduct;
import jangter.inventory.api.InventoryCommand.RestoreStock;
import jangter.inventory.api.InventoryCommand.SettleDeductions;
import jangter.inventory.api.InventoryEvent;
import jangter.inventory.api.InventoryEvent.DeductionsSettled;
import jangter.inventory.api.InventoryEvent.PriceChanged;
import jangter.inventory.api.InventoryEvent.ProductRegistered;
import jangter.inventory.api.InventoryEvent.RefusedBecause;
import jangter.inventory.api.InventoryEvent.StockAdded;
import jangter.inventory.api.InventoryEvent.StockDeducted;
import jangter.inventory.api.InventoryEvent.StockDeductionRefused;
import jangter.inventory.api.InventoryEvent.StockDeductionVoided;
import jangter.inventory.api.InventoryEvent.StockRestored;
import jangter.inventory.api.InventoryRefusal;
import jangter.kernel.DeliveryId;
import jangter.kernel.Money;
import jangter.kernel.Name;
import jangter.kernel.OrderId;
import jangter.kernel.PaymentId;
import jangter.kernel.PaymentMemory;
import jangter.kernel.ProductId;
import jangter.kernel.Quantity;
import jangter.kernel.RecentKeys;
import jangter.kernel.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProductTest {

    private static final ProductId TEA = new ProductId("product-tea");
    private static final Name NAME = new Name("Green tea");
    private static final Money PRICE = Money.of(5_000, "KRW");
    private static final Money NEW_PRICE = Money.of(5_500, "KRW");
    private static final Quantity TEN = new Quantity(10);
    private static final Quantity THREE = new Quantity(3);
    private static final DeliveryId DELIVERY = new DeliveryId("delivery-1");
    private static final PaymentId PAYMENT = new PaymentId("payment-1");
    private static final OrderId ORDER = new OrderId("order-1");
    private static final Instant REQUESTED = Instant.parse("2026-11-22T09:00:00Z");

    private static final InventoryEvent REGISTERED_10 = new ProductRegistered(TEA, NAME, PRICE, TEN);
    private static final InventoryEvent DEDUCTED_3 = new StockDeducted(TEA, PAYMENT, ORDER, THREE, new Quantity(7), REQUESTED);
    private static final InventoryEvent RESTORED_3 = new StockRestored(TEA, PAYMENT, ORDER, THREE, TEN, REQUESTED);
    private static final InventoryEvent VOIDED = new StockDeductionVoided(TEA, PAYMENT, ORDER, REQUESTED);
    private static final InventoryEvent SETTLED = new DeductionsSettled(TEA, Set.of(PAYMENT));

    private static TestExecutor<Product> given(InventoryEvent... events) {
        return given(List.of(events));
    }

    private static TestExecutor<Product> given(List<InventoryEvent> events) {
        return new AggregateTestFixture<>(Product.class).given(events);
    }

    private static AddStock deliver(Quantity quantity) {
        return new AddStock(TEA, DELIVERY, quantity);
    }

    private static DeductStock deduct(Quantity quantity) {
        return new DeductStock(TEA, PAYMENT, ORDER, quantity, REQUESTED);
    }

    private static RestoreStock restore() {
        return new RestoreStock(TEA, PAYMENT, ORDER, REQUESTED);
    }

    private static StockDeductionRefused refusal(Quantity quantity, RefusedBecause reason) {
        return new StockDeductionRefused(TEA, PAYMENT, ORDER, quantity, reason, REQUESTED);
    }

    private static void quiet(ResultValidator<Product> result) {
        result.expectSuccessfulHandlerExecution().expectNoEvents();
    }

    private static void refused(ResultValidator<Product> result, InventoryRefusal code) {
        result.expectException(Refused.with(code)).expectNoEvents();
    }

    @Nested
    class Registering {

        private final RegisterProduct command = new RegisterProduct(TEA, NAME, PRICE, TEN);

        @Test
        void a_product_goes_on_sale() {
            given().when(command).expectEvents(REGISTERED_10);
        }

        @Test
        void a_product_can_go_on_sale_without_a_piece_in_stock() {
            given().when(new RegisterProduct(TEA, NAME, PRICE, new Quantity(0)))
                    .expectEvents(new ProductRegistered(TEA, NAME, PRICE, new Quantity(0)));
        }

        @Test
        void a_product_that_was_asked_for_too_early_can_go_on_sale() {
            given(refusal(THREE, RefusedBecause.UNKNOWN_PRODUCT), VOIDED).when(command).expectEvents(REGISTERED_10);
        }

        @Test
        void the_same_product_twice_goes_on_sale_once() {
            quiet(given(REGISTERED_10).when(command));
        }

        @Test
        void the_same_product_twice_goes_on_sale_once_though_its_price_and_stock_have_changed() {
            quiet(given(REGISTERED_10, new PriceChanged(TEA, NEW_PRICE), DEDUCTED_3).when(command));
        }

        @Test
        void another_name_price_or_stock_under_the_same_id_is_refused() {
            for (RegisterProduct other : List.of(
                    new RegisterProduct(TEA, new Name("Black tea"), PRICE, TEN),
                    new RegisterProduct(TEA, NAME, NEW_PRICE, TEN),
                    new RegisterProduct(TEA, NAME, PRICE, THREE))) {
                refused(given(REGISTERED_10).when(other), InventoryRefusal.PRODUCT_EXISTS);
            }
        }
    }

    @Nested
    class Pricing {

        @Test
        void a_price_changes() {
            given(REGISTERED_10).when(new ChangePrice(TEA, NEW_PRICE)).expectEvents(new PriceChanged(TEA, NEW_PRICE));
        }

        @Test
        void a_price_can_change_back() {
            given(REGISTERED_10, new PriceChanged(TEA, NEW_PRICE)).when(new ChangePrice(TEA, PRICE))
                    .expectEvents(new PriceChanged(TEA, PRICE));
        }

        @Test
        void the_same_price_twice_changes_once() {
            quiet(given(REGISTERED_10, new PriceChanged(TEA, NEW_PRICE)).when(new ChangePrice(TEA, NEW_PRICE)));
        }

        @Test
        void a_price_in_another_currency_is_refused() {
            refused(given(REGISTERED_10).when(new ChangePrice(TEA, Money.of(5_000, "USD"))), InventoryRefusal.OTHER_CURRENCY);
        }

        @Test
        void what_is_not_on_sale_has_no_price() {
            refused(given().when(new ChangePrice(TEA, NEW_PRICE)), InventoryRefusal.UNKNOWN_PRODUCT);
            refused(given(VOIDED).when(new ChangePrice(TEA, NEW_PRICE)), InventoryRefusal.UNKNOWN_PRODUCT);
        }
    }

    @Nested
    class Delivering {

        @Test
        void a_delivery_adds_to_the_stock() {
            given(REGISTERED_10).when(deliver(THREE)).expectEvents(new StockAdded(TEA, DELIVERY, THREE, new Quantity(13)));
        }

        @Test
        void the_same_delivery_twice_counts_once() {
            quiet(given(REGISTERED_10, new StockAdded(TEA, DELIVERY, THREE, new Quantity(13))).when(deliver(THREE)));
        }

        @Test
        void a_delivery_is_still_known_after_ninety_nine_others() {
            List<InventoryEvent> past = new ArrayList<>(List.of(REGISTERED_10));
            IntStream.rangeClosed(1, RecentKeys.MOST)
                    .forEach(n -> past.add(new StockAdded(TEA, new DeliveryId("delivery-" + n), new Quantity(1), new Quantity(10 + n))));
            quiet(given(past).when(deliver(new Quantity(1))));
        }

        @Test
        void a_stock_holds_as_much_as_a_quantity_can() {
            Quantity rest = new Quantity(Quantity.MOST - 10);
            given(REGISTERED_10).when(deliver(rest)).expectEvents(new StockAdded(TEA, DELIVERY, rest, new Quantity(Quantity.MOST)));
        }

        @Test
        void a_stock_that_would_hold_more_is_full() {
            refused(given(REGISTERED_10).when(deliver(new Quantity(Quantity.MOST - 9))), InventoryRefusal.STOCK_FULL);
        }

        @Test
        void room_is_left_for_what_may_be_restored() {
            refused(given(REGISTERED_10, DEDUCTED_3).when(deliver(new Quantity(Quantity.MOST - 9))), InventoryRefusal.STOCK_FULL);
        }

        @Test
        void no_room_is_left_for_what_was_restored_already() {
            Quantity rest = new Quantity(Quantity.MOST - 10);
            given(REGISTERED_10, DEDUCTED_3, RESTORED_3).when(deliver(rest))
                    .expectEvents(new StockAdded(TEA, DELIVERY, rest, new Quantity(Quantity.MOST)));
        }

        @Test
        void no_room_is_left_for_what_is_settled() {
            Quantity rest = new Quantity(Quantity.MOST - 7);
            given(REGISTERED_10, DEDUCTED_3, SETTLED).when(deliver(rest))
                    .expectEvents(new StockAdded(TEA, DELIVERY, rest, new Quantity(Quantity.MOST)));
        }

        @Test
        void what_is_not_on_sale_takes_no_delivery() {
            refused(given().when(deliver(THREE)), InventoryRefusal.UNKNOWN_PRODUCT);
            refused(given(VOIDED).when(deliver(THREE)), InventoryRefusal.UNKNOWN_PRODUCT);
        }
    }

    @Nested
    class Deducting {

        @Test
        void an_order_takes_its_pieces() {
            given(REGISTERED_10).when(deduct(THREE)).expectEvents(DEDUCTED_3);
        }

        @Test
        void the_last_piece_can_be_taken() {
            given(REGISTERED_10).when(deduct(TEN)).expectEvents(new StockDeducted(TEA, PAYMENT, ORDER, TEN, new Quantity(0), REQUESTED));
        }

        @Test
        void more_than_the_stock_is_refused() {
            Quantity eleven = new Quantity(11);
            given(REGISTERED_10).when(deduct(eleven)).expectEvents(refusal(eleven, RefusedBecause.OUT_OF_STOCK));
        }

        @Test
        void what_is_not_on_sale_is_refused() {
            given().when(deduct(THREE)).expectEvents(refusal(THREE, RefusedBecause.UNKNOWN_PRODUCT));
        }

        @Test
        void the_same_deduction_twice_is_made_once() {
            quiet(given(REGISTERED_10, DEDUCTED_3).when(deduct(THREE)));
        }

        @Test
        void a_refused_deduction_is_answered_once_even_when_there_is_stock_by_now() {
            quiet(given(refusal(THREE, RefusedBecause.UNKNOWN_PRODUCT), REGISTERED_10).when(deduct(THREE)));
        }

        @Test
        void restored_pieces_are_not_taken_again() {
            quiet(given(REGISTERED_10, DEDUCTED_3, RESTORED_3).when(deduct(THREE)));
        }

        @Test
        void settled_pieces_are_not_taken_again() {
            quiet(given(REGISTERED_10, DEDUCTED_3, SETTLED).when(deduct(THREE)));
        }

        @Test
        void a_deduction_that_arrives_after_its_restoring_is_refused() {
            given(REGISTERED_10, VOIDED).when(deduct(THREE)).expectEvents(refusal(THREE, RefusedBecause.VOIDED));
        }

        @Test
        void a_deduction_that_arrives_after_its_restoring_is_answered_once() {
            quiet(given(REGISTERED_10, VOIDED, refusal(THREE, RefusedBecause.VOIDED)).when(deduct(THREE)));
        }

        @Test
        void a_deduction_so_old_that_its_like_is_forgotten_is_refused() {
            given(Stream.concat(Stream.of(REGISTERED_10), refusals(PaymentMemory.MOST + 1)).toList()).when(deduct(THREE))
                    .expectEvents(refusal(THREE, RefusedBecause.TOO_LATE));
        }

        @Test
        void a_deduction_younger_than_the_forgotten_ones_is_made() {
            Instant later = REQUESTED.plusSeconds(1);
            given(Stream.concat(Stream.of(REGISTERED_10), refusals(PaymentMemory.MOST + 1)).toList())
                    .when(new DeductStock(TEA, PAYMENT, ORDER, THREE, later))
                    .expectEvents(new StockDeducted(TEA, PAYMENT, ORDER, THREE, new Quantity(7), later));
        }

        private Stream<InventoryEvent> refusals(int count) {
            return IntStream.range(0, count).mapToObj(n -> new StockDeductionRefused(TEA, new PaymentId("payment-old-" + n), ORDER,
                    new Quantity(20), RefusedBecause.OUT_OF_STOCK, REQUESTED));
        }
    }

    @Nested
    class Restoring {

        @Test
        void pieces_are_put_back() {
            given(REGISTERED_10, DEDUCTED_3).when(restore()).expectEvents(RESTORED_3);
        }

        @Test
        void what_was_taken_from_a_full_stock_fits_back_in() {
            Quantity most = new Quantity(Quantity.MOST);
            given(new ProductRegistered(TEA, NAME, PRICE, most),
                    new StockDeducted(TEA, PAYMENT, ORDER, THREE, new Quantity(Quantity.MOST - 3), REQUESTED)).when(restore())
                    .expectEvents(new StockRestored(TEA, PAYMENT, ORDER, THREE, most, REQUESTED));
        }

        @Test
        void the_same_pieces_are_put_back_once() {
            quiet(given(REGISTERED_10, DEDUCTED_3, RESTORED_3).when(restore()));
        }

        @Test
        void restoring_that_arrives_before_its_deduction_voids_it() {
            given(REGISTERED_10).when(restore()).expectEvents(VOIDED);
        }

        @Test
        void restoring_that_arrives_before_the_product_voids_its_deduction() {
            given().when(restore()).expectEvents(VOIDED);
        }

        @Test
        void a_deduction_is_voided_once() {
            quiet(given(VOIDED).when(restore()));
        }

        @Test
        void a_refused_deduction_has_nothing_to_put_back() {
            quiet(given(REGISTERED_10, refusal(new Quantity(11), RefusedBecause.OUT_OF_STOCK)).when(restore()));
        }

        @Test
        void settled_pieces_are_not_put_back() {
            quiet(given(REGISTERED_10, DEDUCTED_3, SETTLED).when(restore()));
        }
    }

    @Nested
    class Settling {

        private final SettleDeductions command = new SettleDeductions(TEA, Set.of(PAYMENT));

        @Test
        void deductions_of_completed_orders_become_final() {
            given(REGISTERED_10, DEDUCTED_3).when(command).expectEvents(SETTLED);
        }

        @Test
        void what_is_final_already_does_not_keep_others_from_becoming_so() {
            PaymentId second = new PaymentId("payment-2");
            given(REGISTERED_10, DEDUCTED_3, SETTLED, new StockDeducted(TEA, second, ORDER, THREE, new Quantity(4), REQUESTED))
                    .when(new SettleDeductions(TEA, Set.of(PAYMENT, second)))
                    .expectEvents(new DeductionsSettled(TEA, Set.of(PAYMENT, second)));
        }

        @Test
        void the_same_settlement_twice_happens_once() {
            quiet(given(REGISTERED_10, DEDUCTED_3, SETTLED).when(command));
        }

        @Test
        void what_was_never_deducted_cannot_become_final() {
            quiet(given(REGISTERED_10, VOIDED).when(command));
        }

        @Test
        void there_is_nothing_to_settle_where_nothing_ever_happened() {
            given().when(command).expectException(AggregateNotFoundException.class).expectNoEvents();
        }

        @Test
        void open_deductions_are_never_forgotten_however_many_there_are() {
            Quantity many = new Quantity(10_000);
            List<InventoryEvent> past = new ArrayList<>(List.of(new ProductRegistered(TEA, NAME, PRICE, many)));
            IntStream.range(0, PaymentMemory.MOST + 500).forEach(n -> past.add(new StockDeducted(TEA, new PaymentId("payment-" + n), ORDER,
                    new Quantity(1), new Quantity(9_999 - n), REQUESTED)));
            given(past).when(new RestoreStock(TEA, new PaymentId("payment-0"), ORDER, REQUESTED)).expectEvents(
                    new StockRestored(TEA, new PaymentId("payment-0"), ORDER, new Quantity(1), new Quantity(7_501), REQUESTED));
        }

        @Test
        void deductions_settled_long_ago_are_too_late_rather_than_made_again() {
            List<InventoryEvent> past = new ArrayList<>(List.of(new ProductRegistered(TEA, NAME, PRICE, new Quantity(10_000))));
            IntStream.rangeClosed(0, PaymentMemory.MOST).forEach(n -> past.add(new StockDeducted(TEA, new PaymentId("payment-" + n), ORDER,
                    new Quantity(1), new Quantity(9_999 - n), REQUESTED)));
            past.add(new DeductionsSettled(TEA, IntStream.rangeClosed(0, PaymentMemory.MOST).mapToObj(n -> new PaymentId("payment-" + n))
                    .collect(toUnmodifiableSet())));
            PaymentId stray = new PaymentId("payment-stray");
            given(past).when(new DeductStock(TEA, stray, ORDER, THREE, REQUESTED))
                    .expectEvents(new StockDeductionRefused(TEA, stray, ORDER, THREE, RefusedBecause.TOO_LATE, REQUESTED));
        }
    }
}
