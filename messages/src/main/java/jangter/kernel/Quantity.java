package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;

/** A number of pieces, from none to a thousand million. */
public record Quantity(@JsonValue int value) implements Comparable<Quantity> {

    public static final int MOST = 1_000_000_000;

    public Quantity {
        Require.between("quantity", value, 0, MOST);
    }

    public Quantity plus(Quantity other) {
        return new Quantity(value + other.value);
    }

    public Quantity minus(Quantity other) {
        return new Quantity(value - other.value);
    }

    /** Whether that many more would still be a quantity. */
    public boolean hasRoomFor(Quantity more) {
        return value <= MOST - more.value;
    }

    @Override
    public int compareTo(Quantity other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
