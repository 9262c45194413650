package jangter.events;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.checkout.api.CheckoutEvent;
import jangter.coupon.api.CouponEvent;
import jangter.inventory.api.InventoryEvent;
import jangter.kernel.CustomerId;
import jangter.kernel.Name;
import jangter.order.api.OrderEvent;
import jangter.payment.api.PaymentEvent;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events stay for good: nothing may stand in them that opens a door or names a person. Looked for by the names of what they hold, all the
 * way down, and by types that could hold anything.
 */
class EventsTellNoSecretsTest {

    private static final List<String> FORBIDDEN = List.of("password", "secret", "token", "credential", "authorization", "cookie", "session", "key",
            "mail", "phone", "mobile", "street", "postal", "zip", "birth", "age", "gender", "iban", "card", "cvc", "passport", "ssn", "firstname",
            "lastname", "fullname", "username", "nickname", "recipient", "useragent", "ipaddress", "latitude", "longitude", "comment", "note");
    /** A staff member's reason for stepping in, which is written to be read, is the one free text there may be. */
    private static final Set<String> FREE_TEXT = Set.of("reason");

    record Component(Class<?> event, String path, Class<?> type) {

        String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }
    }

    static Stream<Class<?>> events() {
        return Stream.of(OrderEvent.class, PaymentEvent.class, InventoryEvent.class, CouponEvent.class, CheckoutEvent.class)
                .flatMap(EventsTellNoSecretsTest::records);
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_holds_no_secret_and_no_personal_data(Class<?> event) {
        assertThat(components(event)).isNotEmpty().noneMatch(EventsTellNoSecretsTest::isForbidden);
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_holds_nothing_that_could_be_anything(Class<?> event) {
        assertThat(components(event)).allMatch(component -> isNarrow(component.type())
                || component.type() == String.class && (FREE_TEXT.contains(component.name()) || component.name().equals("value")));
    }

    @Test
    void what_is_looked_for_would_be_found() {
        record Leak(CustomerId customerId, List<Address> addresses) {
        }

        assertThat(components(Leak.class)).extracting(Component::path).containsExactly("customerId.value", "addresses.postalCode.value", "addresses.extra");
        assertThat(components(Leak.class)).filteredOn(EventsTellNoSecretsTest::isForbidden).extracting(Component::path)
                .containsExactly("addresses.postalCode.value");
        assertThat(components(Leak.class)).filteredOn(component -> !isNarrow(component.type())).extracting(Component::path).contains("addresses.extra");
    }

    record Address(Name postalCode, Object extra) {
    }

    private static boolean isForbidden(Component component) {
        return Arrays.stream(component.path().split("\\.")).anyMatch(EventsTellNoSecretsTest::isForbidden);
    }

    private static boolean isForbidden(String name) {
        return words(name).anyMatch(FORBIDDEN::contains) || FORBIDDEN.contains(name.toLowerCase(Locale.ROOT));
    }

    private static Stream<String> words(String name) {
        return Arrays.stream(name.split("(?=[A-Z])")).map(word -> word.toLowerCase(Locale.ROOT));
    }

    private static boolean isNarrow(Class<?> type) {
        return type.isPrimitive() || type.isEnum() || type.getPackageName().equals("java.time") || type == Integer.class || type == Long.class
                || type == Currency.class || type == UUID.class;
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventsTellNoSecretsTest::records) : Stream.of(type);
    }

    private static List<Component> components(Class<?> event) {
        List<Component> found = new ArrayList<>();
        collect(event, event, "", found);
        return found;
    }

    private static void collect(Class<?> event, Class<?> type, String path, List<Component> found) {
        if (type.isSealed()) {
            records(type).forEach(one -> collect(event, one, path, found));
        } else if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                collect(event, element(component.getGenericType()), path.isEmpty() ? component.getName() : path + "." + component.getName(), found);
            }
        } else {
            found.add(new Component(event, path, type));
        }
    }

    /** Of a list, what is in it. */
    private static Class<?> element(Type type) {
        return type instanceof ParameterizedType list && Iterable.class.isAssignableFrom((Class<?>) list.getRawType())
                ? element(list.getActualTypeArguments()[0]) : (Class<?>) (type instanceof ParameterizedType other ? other.getRawType() : type);
    }
}
