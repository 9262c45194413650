package jangter.platform.http;

import jangter.kernel.CustomerId;
import java.util.Set;

/** Who is asking. A handler that takes one is for anyone who is signed in; others get 401. */
public record Caller(CustomerId id, Set<Role> roles) {

    /** What a caller may be beyond a customer. */
    public enum Role {
        STAFF
    }

    public Caller {
        roles = Set.copyOf(roles);
    }
}
