package jangter.platform.mongo;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * One copy of all that a processing group keeps: its views' documents, its tracking tokens and its dead letters. Readers and the group's
 * processor use the current one; a later one may be built beside it. The first has number 0 and no mark in any name.
 */
public record Edition(String group, int number) {

    private static final Pattern NAMED = Pattern.compile("(.+)\\.e(\\d{1,9})");

    /** Whether a group does nothing but write views, so that its past can be handled once more: settlements and sagas act. */
    public static boolean isOfViews(String group) {
        return !group.endsWith("-settlement") && (!group.startsWith("saga-") || group.endsWith("-views"));
    }

    /** The edition that a processor of that name builds: one that is named like a group follows the current one, whichever it is. */
    static Optional<Edition> ofProcessor(String name) {
        Matcher named = NAMED.matcher(name);
        return named.matches() ? Optional.of(new Edition(named.group(1), Integer.parseInt(named.group(2)))) : Optional.empty();
    }

    /** The edition that a collection is of, if it is one of that view's. */
    static Optional<Edition> ofCollection(String group, String view, String collection) {
        return collection.equals(view) ? Optional.of(new Edition(group, 0))
                : ofProcessor(collection).filter(named -> named.group().equals(view)).map(named -> new Edition(group, named.number()));
    }

    /** Which the running batch of events is handled for, where a processor handles it. */
    public static Optional<Edition> inHand() {
        return CurrentUnitOfWork.map(unitOfWork -> unitOfWork.root().<Edition>getResource(Edition.class.getName()));
    }

    /** Makes the running batch of events one for this edition. */
    public void takeInHand(UnitOfWork<?> unitOfWork) {
        unitOfWork.root().resources().putIfAbsent(Edition.class.getName(), this);
    }

    /** The name under which its tokens and dead letters are kept. */
    public String name() {
        return mark(group);
    }

    /** What a view's collection is called in this edition. */
    String mark(String name) {
        return number == 0 ? name : name + ".e" + number;
    }
}
