package jangter.launcher;

import static jangter.launcher.ChaosCluster.AXON_SERVER;
import static jangter.launcher.ChaosCluster.MONGO;

import jangter.launcher.LostAnswer.To;
import jangter.launcher.SegmentChange.How;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Which faults come, drawn from a seed: first what must come, in an order of its own for each seed, then what chance brings. */
final class FaultPlan {

    private static final Duration MINUTE = Duration.ofSeconds(60);
    /** Long enough for whoever waits ever longer to have got far with it. */
    private static final Duration AWAY = Duration.ofSeconds(30);

    private final Random random;
    private final List<String> names;
    private final List<String> services;
    private final boolean segmentsCanMove;
    private final Deque<Fault> mustCome;

    /** How much must come. */
    enum Extent {
        /** Everything is killed once. */
        SHORT,
        /** That, and each kind once but the minute's pause. */
        USUAL,
        /** Each kind once, and each kind of process is killed at each of the moments. */
        LONG
    }

    FaultPlan(ChaosCluster cluster, Extent extent, Random random) {
        this.random = random;
        this.names = cluster.names();
        this.services = cluster.services();
        this.segmentsCanMove = cluster.instances("saga").size() > 1;
        List<Fault> must = new ArrayList<>(extent == Extent.LONG ? killsAtEachMoment() : killsOfEach());
        if (extent != Extent.SHORT) {
            must.addAll(eachOther());
        }
        if (extent == Extent.LONG) {
            must.add(new Pause(any(services), 60));
            must.add(new Kill(AXON_SERVER, any(List.of(Moment.values())), AWAY));
            must.add(new Kill(MONGO, any(List.of(Moment.values())), AWAY));
        }
        Collections.shuffle(must, random);
        this.mustCome = new ArrayDeque<>(must);
        if (extent == Extent.SHORT) {
            mustCome.addLast(new LostAnswer(any(List.of(To.values()))));
            mustCome.addLast(new Cut(any(services), any(List.of(AXON_SERVER, MONGO))));
        }
    }

    boolean hasToGoOn() {
        return !mustCome.isEmpty();
    }

    Fault next() {
        return mustCome.isEmpty() ? byChance() : mustCome.removeFirst();
    }

    /** One that can happen beside a long pause of that process. */
    Fault gentle(String paused) {
        Fault fault;
        do {
            fault = byChance();
        } while (!fault.isGentle() || fault.toString().contains(paused) || fault instanceof LostAnswer lost && lost.needs(paused));
        return fault;
    }

    private Fault byChance() {
        int chance = random.nextInt(100);
        if (chance < 35) {
            return new Kill(any(names), any(List.of(Moment.values())));
        } else if (chance < 50) {
            return new Cut(any(services), any(List.of(AXON_SERVER, MONGO)));
        } else if (chance < 55) {
            return new Slow(any(services), any(List.of(AXON_SERVER, MONGO)));
        } else if (chance < 75) {
            return new LostAnswer(any(List.of(To.values())));
        } else if (chance < 85) {
            return new Pause(any(names), 1);
        } else if (chance < 87) {
            return new Pause(any(names), 10);
        } else if (chance < 91) {
            return new PowerLoss();
        } else if (chance < 95) {
            return new MongoThrownBack();
        } else if (chance < 96) {
            return new ClockOff(any(services), random.nextBoolean() ? MINUTE : MINUTE.negated());
        }
        return segmentsCanMove ? new SegmentChange(any(List.of(How.MOVE, How.SPLIT, How.MERGE))) : new Cut(any(services), AXON_SERVER);
    }

    private List<Fault> killsOfEach() {
        List<Moment> moments = new ArrayList<>(List.of(Moment.values()));
        Collections.shuffle(moments, random);
        List<Fault> kills = new ArrayList<>();
        for (String name : names) {
            kills.add(new Kill(name, moments.get(kills.size() % moments.size())));
        }
        return kills;
    }

    /** Which of two instances it meets is left to chance. */
    private List<Fault> killsAtEachMoment() {
        List<Fault> kills = new ArrayList<>();
        for (String kind : names.stream().map(ChaosCluster::kind).distinct().toList()) {
            for (Moment moment : Moment.values()) {
                kills.add(new Kill(any(only(names, name -> ChaosCluster.kind(name).equals(kind))), moment));
            }
        }
        return kills;
    }

    private List<Fault> eachOther() {
        List<Fault> each = new ArrayList<>(List.of(new Pause(any(names), 1), new Pause(any(services), 10), new Cut(any(services), AXON_SERVER),
                new Cut(any(services), MONGO), new Slow(any(services), AXON_SERVER), new Slow(any(services), MONGO), new PowerLoss(), new MongoThrownBack(),
                new ClockOff(any(only(services, name -> name.startsWith("saga"))), random.nextBoolean() ? MINUTE : MINUTE.negated())));
        List.of(To.values()).forEach(to -> each.add(new LostAnswer(to)));
        if (segmentsCanMove) {
            List.of(How.values()).forEach(how -> each.add(new SegmentChange(how)));
        }
        return each;
    }

    private static List<String> only(List<String> names, Predicate<String> wanted) {
        return names.stream().filter(wanted).toList();
    }

    private <T> T any(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
