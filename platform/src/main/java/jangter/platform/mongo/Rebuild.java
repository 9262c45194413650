package jangter.platform.mongo;

import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * How the latest rebuild of a group's views stands, as all instances know it.
 *
 * @param edition the number of the new copy
 * @param turn how often the work changed hands, so that who lost it notices
 * @param beat counts up while somebody is at it
 * @param from the position or instant it was asked to begin at, nothing for the start
 * @param prepared whether the new copy can be written to
 * @param wish what an operator wants done with it
 * @param position the last event that the whole new copy knows
 * @param head the last event there is
 * @param deadLetters how many events the new copy could not digest
 * @param differences the first of them
 */
public record Rebuild(int edition, int turn, long beat, State state, @Nullable String from, Instant startedAt, boolean prepared,
        @Nullable Wish wish, @Nullable Long position, @Nullable Long head, long perSecond, @Nullable Long secondsLeft, long deadLetters,
        List<Difference> differences, long differencesFound, @Nullable String error) {

    /** Where it is. */
    public enum State {
        /** Events are handled into the new copy. */
        BUILDING,
        /** It has caught up, and both copies are compared. */
        COMPARING,
        /** They differ, and somebody has to say which one is right. */
        WAITING,
        /** The new copy is the one that is read. */
        SWITCHED,
        /** It could not be done; the old copy is read. */
        FAILED,
        /** An operator gave it up; the old copy is read. */
        ABANDONED;

        static final Set<State> UNDER_WAY = EnumSet.of(BUILDING, COMPARING, WAITING);

        /** Whether there is work to do, or a decision to make. */
        public boolean isUnderWay() {
            return UNDER_WAY.contains(this);
        }
    }

    /** What an operator decides. */
    public enum Wish {
        SWITCH, ABANDON
    }

    /**
     * A document that is not the same in both copies: of its fields those that differ, all of them if one copy lacks it.
     *
     * @param before what the old copy says, nothing if it lacks it
     * @param after what the new one says, nothing if it lacks it
     */
    public record Difference(String view, String id, @Nullable Document before, @Nullable Document after) {

        Document toDocument() {
            return new Document("view", view).append("id", id).append("before", before).append("after", after);
        }

        private static Difference of(Document document) {
            return new Difference(document.getString("view"), document.getString("id"), document.get("before", Document.class),
                    document.get("after", Document.class));
        }
    }

    /** The copy that is being built. */
    public Edition editionOf(String group) {
        return new Edition(group, edition);
    }

    /** Whether somebody took it over since then. */
    public boolean isSameTurn(Rebuild earlier) {
        return edition == earlier.edition && turn == earlier.turn;
    }

    static Document begun(int edition, @Nullable String from, Instant startedAt) {
        return new Document("edition", edition).append("turn", 1).append("beat", 0L).append("state", State.BUILDING.name()).append("from", from)
                .append("startedAt", Date.from(startedAt)).append("prepared", false);
    }

    static Rebuild of(Document document) {
        return new Rebuild(document.getInteger("edition"), document.getInteger("turn"), document.getLong("beat"),
                State.valueOf(document.getString("state")), document.getString("from"), document.getDate("startedAt").toInstant(),
                document.getBoolean("prepared"), Optional.ofNullable(document.getString("wish")).map(Wish::valueOf).orElse(null),
                document.getLong("position"), document.getLong("head"), document.get("perSecond", 0L), document.getLong("secondsLeft"),
                document.get("deadLetters", 0L),
                document.getList("differences", Document.class, List.of()).stream().map(Difference::of).toList(),
                document.get("differencesFound", 0L), document.getString("error"));
    }
}
