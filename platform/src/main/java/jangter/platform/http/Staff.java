package jangter.platform.http;

import jangter.kernel.CustomerId;

/** A member of staff who is asking. A handler that takes one is for staff alone; others get 403. */
public record Staff(CustomerId id) {
}
