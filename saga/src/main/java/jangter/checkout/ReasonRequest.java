package jangter.checkout;

import jangter.checkout.api.Reason;
import jangter.kernel.Require;

/** Why an operator steps in. Names of customers do not belong here: it is kept for good. */
record ReasonRequest(Reason reason) {

    ReasonRequest {
        Require.present("reason", reason);
    }
}
