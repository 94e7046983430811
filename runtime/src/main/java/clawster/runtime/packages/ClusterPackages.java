package clawster.runtime.packages;

import clawster.runtime.audit.AuditEntry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.BroadcastHub;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;

/** The packages of a cluster as one of its nodes serves them, and has its part in them. */
public final class ClusterPackages implements Packages, AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  /** Of one declaration, for one who follows it. */
  private static final int MOST_LINES = 10_000;

  private static final int LINES_WAITING = 1_000;

  /** Declarations that are followed at once, for all who hear news. */
  private static final int MOST_FOLLOWED = 16;

  private static final int DECLARATIONS_WAITING = 64;

  /** For each who hears them. */
  private static final int NEWS_WAITING = 256;

  private final DesiredPackages store;
  private final Supplier<List<MemberName>> members;
  private final Workshop workshop;
  private final ActorRef<Topic.Command<PackageProgress>> topic;
  private final Clock clock;
  private final BoundedSourceQueue<Declaration> declared;
  private final Source<PackageNews, NotUsed> news;
  private final AtomicInteger listeners = new AtomicInteger();

  private ClusterPackages(
      ActorSystem<?> system,
      DesiredPackages store,
      Supplier<List<MemberName>> members,
      Workshop workshop,
      ActorRef<Topic.Command<PackageProgress>> topic,
      Clock clock) {
    this.store = store;
    this.members = members;
    this.workshop = workshop;
    this.topic = topic;
    this.clock = clock;
    var running =
        Source.<Declaration>queue(DECLARATIONS_WAITING)
            .flatMapMerge(MOST_FOLLOWED, this::moves)
            .merge(told().mapConcat(ClusterPackages::said))
            .toMat(BroadcastHub.of(PackageNews.class, NEWS_WAITING), Keep.both())
            .run(system);
    this.declared = running.first();
    this.news = running.second();
    // Else what nobody hears would wait for whoever comes.
    this.news.runWith(Sink.ignore(), system);
  }

  /**
   * From here on this node's packages are brought to what is declared.
   *
   * @param members those there are, the oldest first; this one among them
   * @param installers at most one of each kind
   * @param runtimes which programs there are on this node; may block
   * @param clock only ever goes on
   */
  public static ClusterPackages start(
      ActorSystem<?> system,
      DesiredPackages store,
      MemberName self,
      Supplier<List<MemberName>> members,
      Collection<Installer> installers,
      Supplier<List<LanguageRuntime>> runtimes,
      Clock clock) {
    var workshop = new Workshop(installers, runtimes);
    var topic =
        system.systemActorOf(
            Topic.create(PackageProgress.class, "package-progress"),
            "package-progress",
            Props.empty());
    var packages = new ClusterPackages(system, store, members, workshop, topic, clock);
    system.systemActorOf(
        PackageSteward.create(
            new Surroundings(
                self,
                members,
                store,
                workshop,
                packages::declared,
                line -> topic.tell(Topic.publish(line)),
                clock)),
        "package-steward",
        Props.empty());
    return packages;
  }

  @Override
  public CompletionStage<Long> declare(PackageSpec spec, Presence presence, AuditEntry entry) {
    return store
        .declare(spec, presence, entry)
        .thenApply(
            change -> change.orElseThrow(() -> new PackagesRefused(DeclarationProblems.TOO_MANY)));
  }

  @Override
  public Source<PackageEvent, NotUsed> follow(long change) {
    return moves(change)
        .merge(lines(change))
        .takeWhile(event -> !(event instanceof PackageEvent.Ended), true);
  }

  /** How it goes on is asked of the database, which nobody has to who is heard by nobody. */
  private void declared(Declaration one) {
    if (listeners.get() > 0) {
      declared.offer(one);
    }
  }

  @Override
  public Source<PackageNews, NotUsed> news() {
    return news.buffer(NEWS_WAITING, OverflowStrategy.dropHead())
        .watchTermination(
            (_, end) -> {
              listeners.incrementAndGet();
              end.whenComplete((_, _) -> listeners.decrementAndGet());
              return NotUsed.getInstance();
            });
  }

  private Source<PackageNews, NotUsed> moves(Declaration one) {
    return moves(one.change())
        .takeWhile(event -> !(event instanceof PackageEvent.Ended), true)
        .map(event -> new PackageNews(one.change(), one.spec(), one.presence(), event))
        .onErrorComplete();
  }

  /** None of a line whose package another version of this program does not say. */
  private static List<PackageNews> said(PackageProgress line) {
    return Optional.ofNullable(line.spec()).flatMap(PackageSpec::parse).stream()
        .map(
            spec ->
                new PackageNews(
                    line.change(),
                    spec,
                    line.presence(),
                    new PackageEvent.Said(line.node(), line.line())))
        .toList();
  }

  /** Lines of all nodes, as they come. */
  private Source<PackageProgress, NotUsed> told() {
    return ActorSource.<PackageProgress>actorRef(
            _ -> false, _ -> Optional.empty(), LINES_WAITING, OverflowStrategy.dropHead())
        .mapMaterializedValue(
            listener -> {
              topic.tell(Topic.subscribe(listener));
              return NotUsed.getInstance();
            });
  }

  private Source<PackageEvent, NotUsed> lines(long change) {
    return told()
        .filter(said -> said.change() == change)
        .take(MOST_LINES)
        .<PackageEvent>map(said -> new PackageEvent.Said(said.node(), said.line()))
        .concat(Source.never());
  }

  /** One look at how it stands, and what has come of it. */
  private record Seen(Optional<Standing> standing, Following.Step step) {}

  /** Again and again; what is away now is asked again. */
  private Source<PackageEvent, NotUsed> moves(long change) {
    return Source.tick(Duration.ZERO, POLL, change)
        .mapMaterializedValue(_ -> NotUsed.getInstance())
        .mapAsync(
            1, number -> store.standing(number).handle((found, _) -> Optional.ofNullable(found)))
        .statefulMap(() -> Following.since(clock.instant()), this::step, _ -> Optional.empty())
        .mapAsync(1, seen -> events(change, seen))
        .mapConcat(events -> events);
  }

  private Pair<Following, Seen> step(Following until, Optional<Standing> standing) {
    var now = clock.instant();
    var step =
        standing
            .map(found -> until.after(found, members.get(), now))
            .orElseGet(() -> until.afterNothing(now));
    return Pair.create(step.next(), new Seen(standing, step));
  }

  private CompletionStage<List<PackageEvent>> events(long change, Seen seen) {
    var step = seen.step();
    return step.conclusion()
        .map(end -> nodesOrNone().thenApply(nodes -> withEnd(change, seen, end, nodes)))
        .orElseGet(() -> CompletableFuture.completedStage(step.events()));
  }

  private CompletionStage<List<NodePackages>> nodesOrNone() {
    return store.reports().exceptionally(_ -> List.of());
  }

  private List<PackageEvent> withEnd(
      long change, Seen seen, Conclusion end, List<NodePackages> reports) {
    var statuses = seen.standing().map(Standing::statuses).orElseGet(seen.step().next()::seen);
    var nodes =
        members.get().stream()
            .map(
                member ->
                    report(reports, member)
                        .orElseGet(() -> NodePackages.unheard(member))
                        .with(change, Optional.ofNullable(statuses.get(member.id()))))
            .toList();
    var events = new ArrayList<>(seen.step().events());
    events.add(new PackageEvent.Ended(end.missed(), nodes));
    return events;
  }

  private static Optional<NodePackages> report(List<NodePackages> reports, MemberName member) {
    return reports.stream().filter(report -> report.node().equals(member.id())).findFirst();
  }

  @Override
  public CompletionStage<List<NodePackages>> nodes() {
    return store
        .reports()
        .thenApply(
            reports ->
                members.get().stream()
                    .flatMap(member -> report(reports, member).stream())
                    .toList());
  }

  /** Ends what is under way on this node, and leaves it to whoever comes after. */
  @Override
  public void close() {
    workshop.close();
  }
}
