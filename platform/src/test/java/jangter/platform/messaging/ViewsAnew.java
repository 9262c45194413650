package jangter.platform.messaging;

import static org.awaitility.Awaitility.await;

import jangter.platform.mongo.Rebuild;
import jangter.platform.mongo.Rebuild.State;
import java.time.Duration;
import java.util.Set;
import org.springframework.beans.factory.BeanFactory;

/** Has a service's views built anew from its events, in a test. */
public final class ViewsAnew {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private ViewsAnew() {
    }

    /**
     * Builds them, and takes the new copy whatever the old one said.
     *
     * @return what both copies said differently
     */
    public static Rebuild build(BeanFactory service, String group) {
        Rebuilds rebuilds = service.getBean(Rebuilds.class);
        rebuilds.begin(group, null).orElseThrow();
        Rebuild compared = reaches(rebuilds, group, Set.of(State.WAITING, State.SWITCHED));
        rebuilds.accept(group);
        reaches(rebuilds, group, Set.of(State.SWITCHED));
        return compared;
    }

    private static Rebuild reaches(Rebuilds rebuilds, String group, Set<State> states) {
        return await().atMost(PATIENCE).until(() -> rebuilds.of(group).orElseThrow(), rebuild -> states.contains(rebuild.state()));
    }
}
