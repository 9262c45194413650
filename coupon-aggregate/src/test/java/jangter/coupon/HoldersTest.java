package jangter.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import jangter.platform.messaging.Serializers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;

class HoldersTest {

    private static final String LETTERS = "AaBb019._|:-";

    @Test
    void nobody_has_a_coupon_at_first() {
        assertThat(new Holders().size()).isZero();
        assertThat(new Holders().couponOf(new CustomerId("alice"))).isNull();
        assertThat(new Holders().asMap()).isEmpty();
    }

    @Test
    void whatever_the_ids_are_it_says_what_a_map_says() {
        Random random = new Random(20261129);
        Map<CustomerId, CouponId> map = new LinkedHashMap<>();
        Holders holders = new Holders();
        for (int i = 0; i < 20_000; i++) {
            CustomerId customer = new CustomerId("c" + text(random, random.nextInt(64)));
            CouponId coupon = new CouponId("coupon-" + "a".repeat(1 + random.nextInt(64)));
            assertThat(holders.couponOf(customer)).isEqualTo(map.get(customer));
            map.putIfAbsent(customer, coupon);
            holders.add(customer, coupon);
        }
        assertThat(holders.size()).isEqualTo(map.size());
        map.forEach((customer, coupon) -> assertThat(holders.couponOf(customer)).isEqualTo(coupon));
        assertThat(holders.customers()).isEqualTo(map.keySet()).contains(map.keySet().iterator().next()).doesNotContain(new CustomerId("d"));
        assertThat(new ArrayList<>(holders.asMap().entrySet())).as("in the order in which they came").isEqualTo(new ArrayList<>(map.entrySet()));
    }

    private static String text(Random random, int letters) {
        StringBuilder text = new StringBuilder();
        random.ints(letters, 0, LETTERS.length()).forEach(letter -> text.append(LETTERS.charAt(letter)));
        return text.toString();
    }

    @Test
    void ids_that_share_a_hash_are_told_apart() {
        // "Aa" and "BB" have the same hash, and so has all that is made of them
        Holders holders = new Holders();
        for (int i = 0; i < 256; i++) {
            holders.add(alike(i), new CouponId("coupon-" + i));
        }
        for (int i = 0; i < 256; i++) {
            assertThat(holders.couponOf(alike(i))).isEqualTo(new CouponId("coupon-" + i));
        }
        assertThat(holders.couponOf(new CustomerId("Aa"))).isNull();
    }

    private static CustomerId alike(int number) {
        StringBuilder id = new StringBuilder();
        for (int bit = 0; bit < 8; bit++) {
            id.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return new CustomerId(id.toString());
    }

    @Test
    void who_has_one_keeps_it() {
        CustomerId alice = new CustomerId("alice");
        Holders holders = new Holders();
        holders.add(alice, new CouponId("coupon-1"));
        holders.add(alice, new CouponId("coupon-2"));
        assertThat(holders.size()).isEqualTo(1);
        assertThat(holders.couponOf(alice)).isEqualTo(new CouponId("coupon-1"));
    }

    @Test
    void a_snapshot_has_them_as_a_map_as_those_of_older_versions_have() {
        Serializer serializer = Serializers.json();
        Holders holders = new Holders();
        holders.add(new CustomerId("alice"), new CouponId("coupon-1"));
        holders.add(new CustomerId("bob"), new CouponId("coupon-2"));

        SerializedObject<String> snapshot = serializer.serialize(holders, String.class);
        assertThat(snapshot.getData()).isEqualTo("{\"alice\":\"coupon-1\",\"bob\":\"coupon-2\"}");
        assertThat(serializer.<String, Holders>deserialize(snapshot).asMap()).isEqualTo(holders.asMap());
    }
}
