package jangter.kernel;

import static org.hamcrest.Matchers.equalTo;

import org.hamcrest.FeatureMatcher;
import org.hamcrest.Matcher;

/** Says of an aggregate's refusal, in a fixture, which one it is. */
public final class Refused {

    private Refused() {
    }

    public static Matcher<RefusedException> with(RefusalCode code) {
        return new FeatureMatcher<>(equalTo(code.code()), "a refusal with code", "code") {
            @Override
            protected String featureValueOf(RefusedException refused) {
                return refused.refusal().code();
            }
        };
    }
}
