package clawster;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import clawster.runtime.kernel.Decider;
import clawster.runtime.kernel.Ids;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;

/**
 * How the house is built, as rules. A new package gets a line in {@link #KNOWS}; that line is the
 * place to ask whether it should know what it knows.
 *
 * @param root {@code clawster}, or the package of a house built wrongly on purpose
 */
record Architecture(String root) {

  /** What each package of a module may know of the others in that module. */
  private static final Map<String, Set<String>> KNOWS =
      Map.ofEntries(
          Map.entry("packages", Set.of()),
          Map.entry("pkghelper", Set.of()),
          Map.entry("runtime.kernel", Set.of()),
          Map.entry("runtime.models", Set.of()),
          Map.entry("runtime.agents", Set.of()),
          Map.entry("runtime.tools", Set.of("runtime.models")),
          Map.entry("runtime.audit", Set.of("runtime.kernel")),
          Map.entry("runtime.identity", Set.of("runtime.kernel", "runtime.audit")),
          Map.entry(
              "runtime.pairing", Set.of("runtime.kernel", "runtime.audit", "runtime.identity")),
          Map.entry("runtime.config", Set.of("runtime.kernel", "runtime.audit", "runtime.limits")),
          Map.entry("runtime.limits", Set.of("runtime.kernel")),
          Map.entry("runtime.nodes", Set.of("runtime.kernel")),
          Map.entry("runtime.packages", Set.of("runtime.kernel", "runtime.audit")),
          Map.entry("runtime.runs", Set.of("runtime.kernel", "runtime.models")),
          Map.entry(
              "runtime.sessions",
              Set.of(
                  "runtime.kernel",
                  "runtime.agents",
                  "runtime.models",
                  "runtime.nodes",
                  "runtime.runs",
                  "runtime.tools")),
          Map.entry("http.contract", Set.of()),
          Map.entry("http.kernel", Set.of("http.contract")),
          Map.entry("http.requests", Set.of("http.contract", "http.kernel", "http.limits")),
          Map.entry(
              "http.chat", Set.of("http.contract", "http.kernel", "http.limits", "http.requests")),
          Map.entry("http.audit", Set.of("http.contract", "http.kernel")),
          Map.entry("http.cluster", Set.of("http.contract", "http.kernel")),
          Map.entry("http.config", Set.of("http.contract", "http.kernel")),
          Map.entry("http.keys", Set.of("http.contract", "http.kernel")),
          Map.entry("http.limits", Set.of("http.contract", "http.kernel")),
          Map.entry("http.openapi", Set.of("http.contract", "http.kernel")),
          Map.entry("http.packages", Set.of("http.contract", "http.kernel", "http.socket")),
          Map.entry("http.pairing", Set.of("http.contract", "http.kernel")),
          Map.entry("http.sessions", Set.of("http.contract", "http.kernel")),
          Map.entry("http.socket", Set.of("http.contract", "http.kernel")),
          Map.entry("http.system", Set.of("http.contract", "http.kernel")),
          Map.entry("http.web", Set.of("http.contract", "http.kernel")),
          Map.entry("persistence.postgres", Set.of()),
          Map.entry("persistence.database", Set.of("persistence.postgres")),
          Map.entry("persistence.config", Set.of("persistence.database", "persistence.audit")),
          Map.entry("persistence.audit", Set.of("persistence.database")),
          Map.entry("persistence.identity", Set.of("persistence.database", "persistence.audit")),
          Map.entry("persistence.packages", Set.of("persistence.database", "persistence.audit")),
          Map.entry("persistence.pairing", Set.of("persistence.database", "persistence.audit")),
          Map.entry("persistence.limits", Set.of("persistence.database")),
          Map.entry("persistence.members", Set.of("persistence.database", "persistence.postgres")),
          Map.entry("persistence.writer", Set.of("persistence.database")),
          Map.entry("persistence.runs", Set.of("persistence.database", "persistence.writer")),
          Map.entry(
              "persistence.sessions",
              Set.of("persistence.database", "persistence.writer", "persistence.runs")));

  /** Module by module, what lies beside or above it. */
  private static final Map<String, List<String>> NOT_BELOW =
      Map.of(
          "packages",
              List.of("pkghelper", "runtime", "http", "persistence", "cli", "node", "cluster"),
          "pkghelper", List.of("runtime", "http", "persistence", "cli", "node", "cluster", "bench"),
          "runtime", List.of("pkghelper", "http", "persistence", "cli", "node", "cluster", "bench"),
          "http", List.of("pkghelper", "persistence", "cli", "node", "cluster", "bench"),
          "persistence", List.of("pkghelper", "http", "cli", "node", "cluster", "bench"),
          "cluster", List.of("pkghelper", "runtime", "http", "cli", "node", "bench"),
          "node", List.of("pkghelper", "cli", "bench"),
          "bench", List.of("runtime", "http", "persistence", "cli", "node", "cluster"));

  List<ArchRule> rules() {
    return List.of(
        arrowsPointDown(),
        packagesKnowOnlyWhatTheyMay(),
        everyPackageIsListed(),
        rootHasNoFramework(),
        edgeKernelKnowsNoFeature(),
        onlyPersistenceSpeaksSql(),
        nounsInNames(),
        noAkka(),
        noOldDates(),
        noSleeping(),
        decidersArePure(),
        decidersReachNoMachinery());
  }

  private ArchRule arrowsPointDown() {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(
            notKnow(
                "modules beside or above their own",
                (from, to) -> NOT_BELOW.getOrDefault(first(from), List.of()).contains(first(to))))
        .because(
            "runtime states what it needs, the modules above supply it and cluster-config joins"
                + " them; so each can be changed and tested without the others");
  }

  private ArchRule packagesKnowOnlyWhatTheyMay() {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(
            notKnow(
                "neighbours that the table does not name",
                (from, to) ->
                    first(from).equals(first(to))
                        && !from.equals(to)
                        && KNOWS.containsKey(from)
                        && !KNOWS.get(from).contains(to)))
        .because("features that know each other freely cannot be read one at a time");
  }

  private ArchRule everyPackageIsListed() {
    return classes()
        .that()
        .resideInAnyPackage(in(List.of("packages", "pkghelper", "runtime", "http", "persistence")))
        .should()
        .resideInAnyPackage(in(List.copyOf(KNOWS.keySet())))
        .because("a package that is not in this table is held to no rule");
  }

  private ArchRule rootHasNoFramework() {
    return classes()
        .that()
        .resideInAnyPackage(in(List.of("packages", "pkghelper")))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "jdk.net..",
            "com.fasterxml.jackson.core..",
            root + ".packages..",
            root + ".pkghelper..")
        .because("what runs as root is read whole, and starts in little time and memory");
  }

  private ArchRule edgeKernelKnowsNoFeature() {
    return noClasses()
        .that()
        .resideInAPackage(in("http.kernel"))
        .should()
        .dependOnClassesThat(
            resideInAPackage(in("runtime"))
                .and(DescribedPredicate.not(resideInAPackage(in("runtime.kernel"))))
                .and(DescribedPredicate.not(resideInAPackage(in("runtime.identity"))))
                .and(DescribedPredicate.not(resideInAPackage(in("runtime.audit"))))
                .and(DescribedPredicate.not(resideInAPackage(in("runtime.limits")))))
        .because("what every dialect is made of must serve features that do not exist yet");
  }

  private ArchRule onlyPersistenceSpeaksSql() {
    return noClasses()
        .that()
        .resideInAnyPackage(in(List.of("runtime", "http", "node", "cli", "cluster")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.postgresql..", "com.zaxxer..", "org.flywaydb..")
        .because("rows and columns are persistence's words; elsewhere they could not change");
  }

  private ArchRule nounsInNames() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager)")
        .because("such a name says that the noun has not been found, and the class collects");
  }

  private ArchRule noAkka() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("akka..", "com.typesafe.akka..", "com.lightbend.akka..")
        .because("Akka is under the BUSL; Pekko is its free continuation");
  }

  private ArchRule noOldDates() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Date.class)
        .because("java.time says what it means and does not change under one's hands");
  }

  private ArchRule noSleeping() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(in("bench"), in("persistence.postgres"))
        .and()
        .doNotHaveFullyQualifiedName(root + ".persistence.writer.Commits")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .because(
            "whoever sleeps holds a thread and cannot be woken; only the writer's own thread"
                + " between reconnects, the watchers of PostgreSQL's processes and the load"
                + " generator may");
  }

  private ArchRule decidersArePure() {
    return noClasses()
        .that(aDecidersOwn())
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Ids.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j..", "org.apache.pekko..", "java.io..", "java.nio.file..")
        .because(
            "recovery runs the same rules over the same events and must come to the same state;"
                + " times and ids come in the command");
  }

  private ArchRule decidersReachNoMachinery() {
    return noClasses()
        .that()
        .implement(Decider.class)
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAnyPackage("org.slf4j..", "org.apache.pekko.actor..")
        .because("a rule that can reach an actor or a log will one day use it");
  }

  /** The rules and the vocabulary they work on: commands, events, states and how they change. */
  private static DescribedPredicate<JavaClass> aDecidersOwn() {
    return DescribedPredicate.describe(
        "are deciders or their vocabulary",
        type ->
            type.isAssignableTo(Decider.class)
                || outermost(type).matches(".*(Rules|Evolution|Command|Event|State)")
                    && type.getPackageName().endsWith(".sessions")
                    && type.getPackageName().contains(".runtime."));
  }

  private static String outermost(JavaClass type) {
    return type.getEnclosingClass().map(Architecture::outermost).orElse(type.getSimpleName());
  }

  /** {@code refused} is given two packages as the table writes them. */
  private ArchCondition<JavaClass> notKnow(String what, BiPredicate<String, String> refused) {
    return new ArchCondition<>("not know " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(d -> refused.test(place(d.getOriginClass()), place(d.getTargetClass())))
            .forEach(d -> events.add(SimpleConditionEvent.violated(d, d.getDescription())));
      }
    };
  }

  /** Its package without the root: {@code runtime.sessions}; empty for what is not ours. */
  private String place(JavaClass type) {
    var name = type.getPackageName();
    return name.startsWith(root + ".") ? name.substring(root.length() + 1) : "";
  }

  private static String first(String place) {
    return place.split("\\.", 2)[0];
  }

  private String in(String name) {
    return root + "." + name + "..";
  }

  private String[] in(List<String> names) {
    return names.stream().map(this::in).toArray(String[]::new);
  }
}
