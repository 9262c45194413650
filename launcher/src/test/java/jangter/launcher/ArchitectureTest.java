package jangter.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.axonframework.spring.stereotype.Aggregate;
import org.junit.jupiter.api.Test;

/** The rules that keep the house as it was drawn, each with its reason. */
class ArchitectureTest {

    private static final JavaClasses HOUSE =
            new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("jangter");

    private static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "coupon", "checkout");

    @Test
    void messages_know_no_framework_but_annotations() {
        check(classes().that().resideInAnyPackage("jangter.kernel", "jangter.*.api")
                .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "jangter.kernel", "jangter.*.api", "org.jspecify.annotations",
                        "com.fasterxml.jackson.annotation", "org.axonframework.modelling.command", "org.axonframework.serialization",
                        "org.axonframework.commandhandling"))
                .because("every context, and every later adapter, builds on the messages"));
    }

    @Test
    void an_aggregate_knows_its_own_words_and_axon_alone() {
        for (String context : CONTEXTS) {
            check(classes().that(areAggregatesOf(context))
                    .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "jangter.kernel", "jangter." + context + ".api",
                            "org.jspecify.annotations", "org.axonframework..").or(resideInAPackage("jangter." + context)))
                    .allowEmptyShould(true)
                    .because("the rules of the business are to be read, tested and moved without the rest"));
            check(noClasses().that(areAggregatesOf(context)).should().dependOnClassesThat()
                    .resideInAnyPackage("org.springframework..", "reactor..", "com.mongodb..", "org.bson..")
                    .allowEmptyShould(true)
                    .because("an aggregate decides; storing and serving is others' work"));
        }
    }

    @Test
    void contexts_meet_only_through_messages() {
        for (String context : CONTEXTS) {
            check(noClasses().that().resideInAPackage("jangter." + context)
                    .should().dependOnClassesThat(resideInAnyPackage(CONTEXTS.stream().filter(other -> !other.equals(context))
                            .map(other -> "jangter." + other).toArray(String[]::new)))
                    .because("each service is built, deployed and scaled alone"));
        }
    }

    @Test
    void nobody_but_the_checkout_knows_who_coordinates() {
        check(noClasses().that().resideInAnyPackage("jangter.order..", "jangter.payment..", "jangter.inventory..", "jangter.coupon..", "jangter.platform..")
                .should().dependOnClassesThat().resideInAnyPackage("jangter.checkout..")
                .because("other ways to coordinate are to work over the same messages"));
    }

    @Test
    void the_console_knows_no_service_from_within() {
        check(noClasses().that().resideInAPackage("jangter.console..")
                .should().dependOnClassesThat(resideInAPackage("jangter..").and(not(resideInAnyPackage("jangter.console..", "jangter.platform..",
                        "jangter.kernel", "jangter.*.api"))))
                .because("it asks the services over HTTP, wherever they are, and reads the store as any client of Axon Server may"));
        check(noClasses().that().resideOutsideOfPackages("jangter.console..", "jangter.launcher..").should().dependOnClassesThat()
                .resideInAPackage("jangter.console..").because("the shop runs without anybody looking"));
    }

    @Test
    void nothing_depends_on_the_launcher() {
        check(noClasses().that().resideOutsideOfPackage("jangter.launcher..").should().dependOnClassesThat()
                .resideInAPackage("jangter.launcher..").because("it only puts the others together"));
    }

    @Test
    void the_development_server_is_a_world_of_its_own() {
        check(noClasses().that().resideInAPackage("jangter.axonserver..")
                .should().dependOnClassesThat(resideInAPackage("jangter..").and(not(resideInAPackage("jangter.axonserver.."))))
                .because("real Axon Server takes its place with a change of address"));
        check(noClasses().that().resideInAnyPackage("jangter.kernel..", "jangter.order..", "jangter.payment..", "jangter.inventory..",
                        "jangter.coupon..", "jangter.checkout..", "jangter.platform..", "jangter.console..")
                .should().dependOnClassesThat().resideInAPackage("jangter.axonserver..")
                .because("services speak to Axon Server through the stock connector"));
    }

    @Test
    void packages_have_no_cycles() {
        check(slices().matching("jangter.(**)").should().beFreeOfCycles().because("what depends in a circle cannot be taken apart"));
    }

    @Test
    void no_clock_and_no_chance_inside_the_contexts() {
        check(noClasses().that().resideInAnyPackage("jangter.kernel", "jangter.*.api", "jangter.order", "jangter.payment", "jangter.inventory",
                        "jangter.coupon", "jangter.checkout")
                .should().callMethodWhere(target(nameMatching("now|currentTimeMillis|nanoTime|randomUUID|systemUTC|systemDefaultZone|random"))
                        .and(target(owner(resideInAnyPackage("java.time", "java.lang", "java.util")))))
                .because("time, ids and chance enter from outside, so that tests are exact"));
    }

    @Test
    void nothing_blocks_in_the_contexts() {
        check(noClasses().that().resideInAnyPackage("jangter.order", "jangter.payment", "jangter.inventory", "jangter.coupon", "jangter.checkout")
                .should().callMethodWhere(target(nameMatching("block|blockFirst|blockLast|toIterable|toStream"))
                        .and(target(owner(resideInAPackage("reactor.core.publisher")))))
                .orShould().callMethod(Thread.class, "sleep", long.class)
                .because("a blocked event loop serves nobody"));
    }

    @Test
    void names_say_what_a_thing_is() {
        check(noClasses().should().haveSimpleNameEndingWith("Manager").orShould().haveSimpleNameEndingWith("Helper")
                .orShould().haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils")
                .orShould().haveSimpleNameEndingWith("Impl").orShould().haveSimpleNameStartingWith("Abstract")
                .because("such a name says that nobody knew what it is"));
    }

    private static DescribedPredicate<JavaClass> areAggregatesOf(String context) {
        return resideInAPackage("jangter." + context)
                .and(CanBeAnnotated.Predicates.annotatedWith(Aggregate.class)).forSubtype();
    }

    private static void check(ArchRule rule) {
        rule.check(HOUSE);
    }
}
