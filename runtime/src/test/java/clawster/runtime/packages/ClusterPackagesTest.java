package clawster.runtime.packages;

import static clawster.runtime.packages.DesiredPackagesContract.entry;
import static clawster.runtime.packages.DesiredPackagesContract.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.packages.PackageEvent.Ended;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that are a cluster, and share what is declared. */
@Timeout(60)
final class ClusterPackagesTest {

  private final class Node {
    final MemberName name;
    final ActorTestKit kit;
    final List<ScriptedInstaller> installers;
    final ClusterPackages packages;

    Node(int number, PackageKind... kinds) {
      name = new MemberName(String.valueOf(number), "node-" + number);
      kit = ActorTestKit.create("packages", CONFIG);
      var seed = nodes.isEmpty() ? kit : nodes.getFirst().kit;
      Cluster.get(kit.system())
          .manager()
          .tell(Join.create(Cluster.get(seed.system()).selfMember().address()));
      installers = Stream.of(kinds).map(ScriptedInstaller::new).toList();
      members.add(name);
      nodes.add(this);
      packages =
          ClusterPackages.start(
              kit.system(),
              store,
              name,
              () -> List.copyOf(members),
              List.copyOf(installers),
              () -> PackageStewardTest.available("python3", "pip3", "npm"),
              new SteadyClock());
    }

    long declare(String spec, Presence presence) {
      return soon(packages.declare(spec(spec), presence, entry(spec)));
    }

    /** Says so until it is heard, which takes as long as the nodes' gossip. */
    void fetchesUntil(CountDownLatch heard) {
      installers
          .getFirst()
          .then(
              (change, progress) -> {
                do {
                  progress.accept("fetching");
                } while (!heard.await(20, TimeUnit.MILLISECONDS));
                change.run();
                return ScriptedInstaller.DONE;
              });
    }

    List<PackageEvent> follow(long change) {
      return soon(packages.follow(change).runWith(Sink.seq(), kit.system()));
    }

    Ended end(String spec, Presence presence) {
      return assertInstanceOf(Ended.class, follow(declare(spec, presence)).getLast());
    }
  }

  private static final Config CONFIG =
      ConfigFactory.parseMap(
              Map.of(
                  "pekko.actor.provider", "cluster",
                  "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                  "pekko.remote.artery.canonical.port", 0,
                  "pekko.cluster.jmx.enabled", "off",
                  "pekko.cluster.gossip-interval", "100ms",
                  "pekko.cluster.typed.receptionist.distributed-data.gossip-interval", "100ms",
                  "pekko.cluster.leader-actions-interval", "100ms"))
          .withFallback(ConfigFactory.load());

  private final InMemoryDesiredPackages store = new InMemoryDesiredPackages();
  private final List<MemberName> members = new CopyOnWriteArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    nodes.reversed().forEach(node -> node.packages.close());
    nodes.reversed().forEach(node -> node.kit.shutdownTestKit());
  }

  private static <T> T soon(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static Map<String, State> states(Ended ended, long change) {
    return ended.nodes().stream()
        .filter(node -> node.status(change).isPresent())
        .collect(
            Collectors.toMap(
                NodePackages::node, node -> node.status(change).orElseThrow().state()));
  }

  @Test
  void whatIsDeclaredAtOneNodeComesAboutOnAllAndLinesOfAllAreHeard() {
    var first = new Node(1, PackageKind.PIP);
    var second = new Node(2, PackageKind.PIP);
    var heard = new CountDownLatch(1);
    second.fetchesUntil(heard);
    long six = first.declare("pip:six", Presence.INSTALLED);
    var running =
        first
            .packages
            .follow(six)
            .map(
                event -> {
                  if (event.equals(new PackageEvent.Said("2", "fetching"))) {
                    heard.countDown();
                  }
                  return event;
                })
            .runWith(Sink.seq(), first.kit.system());
    var events = soon(running);
    var ended = assertInstanceOf(Ended.class, events.getLast());
    assertEquals(Optional.empty(), ended.missed());
    assertEquals(Map.of("1", State.DONE, "2", State.DONE), states(ended, six));
    assertEquals(
        List.of("node-1", "node-2"), ended.nodes().stream().map(NodePackages::name).toList());
    assertTrue(events.stream().anyMatch(PackageEvent.Moved.class::isInstance));
    nodes.forEach(node -> assertEquals(List.of("six"), node.installers.getFirst().there()));
  }

  @Test
  void whatIsDeclaredAtOneNodeIsNewsAtAllThatAreThere() throws Exception {
    var first = new Node(1, PackageKind.PIP);
    var second = new Node(2);
    first.end("pip:old", Presence.INSTALLED);
    var told = new CountDownLatch(1);
    first.fetchesUntil(told);
    var heard = new LinkedBlockingQueue<PackageNews>();
    second.packages.news().runForeach(heard::add, second.kit.system());
    long six = first.declare("pip:six", Presence.INSTALLED);
    long gone = first.declare("pip:old", Presence.ABSENT);
    var ends = new HashMap<Long, PackageNews>();
    var lines = new ArrayList<PackageNews>();
    while (ends.size() < 2) {
      var news = heard.poll(30, TimeUnit.SECONDS);
      if (news.event() instanceof PackageEvent.Said) {
        lines.add(news);
        told.countDown();
      }
      if (news.event() instanceof Ended) {
        ends.put(news.change(), news);
      }
    }
    assertEquals(spec("pip:six"), ends.get(six).spec());
    assertEquals(Presence.INSTALLED, ends.get(six).presence());
    assertTrue(((Ended) ends.get(six).event()).ok());
    assertEquals(Presence.ABSENT, ends.get(gone).presence());
    assertTrue(
        lines.contains(
            new PackageNews(
                six, spec("pip:six"), Presence.INSTALLED, new PackageEvent.Said("1", "fetching"))),
        lines.toString());
  }

  @Test
  void whereNobodyInstallsNobodyIsWaitedForAndWhoJoinsLaterHasItToo() {
    var first = new Node(1, PackageKind.PIP);
    new Node(2);
    var ended = first.end("pip:six", Presence.INSTALLED);
    assertEquals(Optional.empty(), ended.missed());
    assertEquals(Map.of("1", State.DONE, "2", State.NOBODY), states(ended, 1));
    var third = new Node(3, PackageKind.PIP);
    var later = assertInstanceOf(Ended.class, third.follow(1).getLast());
    assertEquals(Optional.empty(), later.missed());
    assertEquals(List.of("six"), third.installers.getFirst().there());
    var gone = third.end("pip:six", Presence.ABSENT);
    assertEquals(Optional.empty(), gone.missed());
    assertEquals(List.of(), first.installers.getFirst().there());
  }

  @Test
  void whereNobodyInstallsAnywhereItIsNotDone() {
    var ended = new Node(1, PackageKind.PIP).end("hello", Presence.INSTALLED);
    assertFalse(ended.ok());
    assertEquals(Optional.of(DeclarationProblems.nobody(PackageKind.SYSTEM)), ended.missed());
  }

  @Test
  void whatFailsIsSaidAndWhoFollowsWhatIsSupersededIsTold() {
    var first = new Node(1, PackageKind.NPM);
    first.installers.getFirst().then((_, _) -> new Outcome.Failed(FailureCode.NOT_FOUND, "404"));
    var ended = first.end("npm:docx@9", Presence.INSTALLED);
    assertFalse(ended.ok());
    assertEquals(Optional.of(DeclarationProblems.failed("node-1: 404")), ended.missed());
    long again = first.declare("npm:docx@8.1.0", Presence.INSTALLED);
    var old = assertInstanceOf(Ended.class, first.follow(again - 1).getLast());
    assertEquals(Optional.of(DeclarationProblems.SUPERSEDED), old.missed());
    var now = assertInstanceOf(Ended.class, first.follow(again).getLast());
    assertEquals(Optional.empty(), now.missed());
    assertEquals(
        List.of(new InstalledPackage("docx", "8.1.0")),
        now.nodes().getFirst().installed().get(PackageKind.NPM));
  }

  @Test
  void nodesAreThoseThatAreMembersTheOldestFirst() {
    var first = new Node(1, PackageKind.PIP);
    new Node(2);
    first.end("pip:six", Presence.INSTALLED);
    members.add(new MemberName("9", "silent"));
    assertEquals(List.of("1", "2"), ids(first));
    members.removeFirst();
    assertEquals(List.of("2"), ids(first));
  }

  private static List<String> ids(Node node) {
    return soon(node.packages.nodes()).stream().map(NodePackages::node).toList();
  }

  @Test
  void whereThereIsNoRoomItIsRefused() {
    var first = new Node(1);
    for (int i = 0; i < DesiredPackages.MOST; i++) {
      first.declare("p" + i, Presence.INSTALLED);
    }
    var refused =
        assertThrows(CompletionException.class, () -> first.declare("more", Presence.INSTALLED));
    assertEquals(
        DeclarationProblems.TOO_MANY,
        assertInstanceOf(PackagesRefused.class, refused.getCause()).problem());
  }

  @Test
  void whileTheDatabaseIsAwayWhoFollowsWaits() {
    var first = new Node(1, PackageKind.PIP);
    first
        .installers
        .getFirst()
        .then(
            (change, _) -> {
              store.away(true);
              change.run();
              return ScriptedInstaller.DONE;
            });
    long six = first.declare("pip:six", Presence.INSTALLED);
    var end = first.packages.follow(six).runWith(Sink.last(), first.kit.system());
    first.kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> assertInThere(first));
    store.away(false);
    assertTrue(assertInstanceOf(Ended.class, soon(end)).ok());
  }

  private static Void assertInThere(Node node) {
    assertEquals(List.of("six"), node.installers.getFirst().there());
    return null;
  }
}
