package jangter.coupon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import jangter.kernel.CouponId;
import jangter.kernel.CustomerId;
import java.nio.charset.StandardCharsets;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has which coupon of a campaign, in the order in which they got them.
 *
 * <p>They stand one after the other in one array of bytes, with another that tells where: as objects each would be seven, and what a rush of customers makes
 * of those is most of what the collector copies meanwhile. Ids are ASCII, and no longer than a byte can tell. In snapshots it is a map, as it was before.
 */
final class Holders {

    private static final int FEW = 16;

    /** Each holder's id and coupon, with its length before each. */
    private byte[] entries = new byte[FEW * 64];
    private int end;
    /** By the customer's hash, and from there on: where the entry is, counted from 1; 0 where none is. Never more than half full. */
    private int[] places = new int[2 * FEW];
    private int size;

    Holders() {
    }

    @JsonCreator
    static Holders of(Map<CustomerId, CouponId> coupons) {
        Holders holders = new Holders();
        coupons.forEach(holders::add);
        return holders;
    }

    int size() {
        return size;
    }

    /** That customer's coupon, if he has one. */
    @Nullable CouponId couponOf(CustomerId customer) {
        int place = place(customer);
        return place == 0 ? null : new CouponId(text(after(place - 1)));
    }

    /** Who they are, as long as none is added. It is no copy. */
    Set<CustomerId> customers() {
        return new Customers();
    }

    private final class Customers extends AbstractSet<CustomerId> {

        @Override
        public int size() {
            return size;
        }

        @Override
        public boolean contains(Object customer) {
            return customer instanceof CustomerId id && place(id) != 0;
        }

        @Override
        public Iterator<CustomerId> iterator() {
            return asMap().keySet().iterator();
        }
    }

    private int place(CustomerId customer) {
        return places[slot(ascii(customer.value()))];
    }

    /** Who has one keeps it. */
    void add(CustomerId customer, CouponId coupon) {
        byte[] id = ascii(customer.value());
        int slot = slot(id);
        if (places[slot] != 0) {
            return;
        }
        places[slot] = end + 1;
        append(id);
        append(ascii(coupon.value()));
        if (2 * ++size > places.length) {
            placeAnew();
        }
    }

    /** All of them, the first one first. */
    @JsonValue
    Map<CustomerId, CouponId> asMap() {
        Map<CustomerId, CouponId> coupons = new LinkedHashMap<>(2 * size);
        for (int at = 0; at < end; at = after(after(at))) {
            coupons.put(new CustomerId(text(at)), new CouponId(text(after(at))));
        }
        return coupons;
    }

    private static byte[] ascii(String id) {
        return id.getBytes(StandardCharsets.US_ASCII);
    }

    private String text(int at) {
        return new String(entries, at + 1, entries[at], StandardCharsets.US_ASCII);
    }

    /** Where the one after that begins. */
    private int after(int at) {
        return at + 1 + entries[at];
    }

    private void append(byte[] id) {
        if (end + 1 + id.length > entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[end] = (byte) id.length;
        System.arraycopy(id, 0, entries, end + 1, id.length);
        end += 1 + id.length;
    }

    /** Where that customer's place is told, or would be. */
    private int slot(byte[] customer) {
        int slot = hash(customer, 0, customer.length) & places.length - 1;
        while (places[slot] != 0 && !isAt(places[slot] - 1, customer)) {
            slot = slot + 1 & places.length - 1;
        }
        return slot;
    }

    private boolean isAt(int at, byte[] customer) {
        return Arrays.equals(entries, at + 1, after(at), customer, 0, customer.length);
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash ^ hash >>> 16;
    }

    private void placeAnew() {
        places = new int[2 * places.length];
        for (int at = 0; at < end; at = after(after(at))) {
            int slot = hash(entries, at + 1, after(at)) & places.length - 1;
            while (places[slot] != 0) {
                slot = slot + 1 & places.length - 1;
            }
            places[slot] = at + 1;
        }
    }
}
