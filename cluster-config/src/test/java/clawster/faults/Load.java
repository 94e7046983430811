package clawster.faults;

import clawster.faults.Op.Result;
import clawster.stories.Caller;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Steady load that remembers everything: in each session a message a second, over whichever edge is
 * there, and a listener for each that follows its events. What is sent is made of the seed.
 */
final class Load {

  private final Supplier<List<URI>> edges;
  private final long seed;
  private final Duration pause;
  private final Queue<Op> ops = new ConcurrentLinkedQueue<>();
  private final List<Thread> senders = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private volatile boolean stopping;

  Load(Supplier<List<URI>> edges, long seed, Duration pause) {
    this.edges = edges;
    this.seed = seed;
    this.pause = pause;
  }

  Load start(int sessions) {
    for (int i = 1; i <= sessions; i++) {
      var key = "agent:default:load-" + i;
      var random = new Random(seed * 1_000 + i);
      var follower = new Follower(key, http, edges, random.nextLong());
      followers.add(follower);
      senders.add(Thread.ofVirtual().start(() -> talk(key, follower, random)));
    }
    return this;
  }

  private void talk(String key, Follower follower, Random random) {
    park(Duration.ofMillis(random.nextInt(1 + (int) pause.toMillis())));
    for (int number = 1; !stopping; number++) {
      long began = System.nanoTime();
      var sender = new Sender(key, number);
      var script = script(random);
      boolean stream = random.nextInt(3) > 0;
      boolean sent = false;
      while (!sent && !stopping) {
        var edge = edge(edges.get(), random);
        var op = edge.flatMap(at -> sender.send(new Caller(http, at, ""), script, stream));
        op.ifPresent(ops::add);
        op.filter(Op::isAcknowledged).flatMap(Op::run).ifPresent(follower::begin);
        sent = op.isPresent();
        if (!sent || op.get().result() != Result.ACKNOWLEDGED) {
          park(Duration.ofMillis(200));
        }
      }
      park(pause.minusNanos(System.nanoTime() - began));
    }
  }

  /** Mostly text; now and then a tool that must not run twice. */
  private static String script(Random random) {
    return random.nextInt(5) == 0
        ? "CALL_TOOL note_once {\"n\": 1}"
        : "[[fake tokens=%d delay=%d]]".formatted(5 + random.nextInt(40), 5 + random.nextInt(20));
  }

  static java.util.Optional<URI> edge(List<URI> edges, Random random) {
    return edges.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of(edges.get(random.nextInt(edges.size())));
  }

  static void park(Duration time) {
    if (time.isPositive()) {
      LockSupport.parkNanos(time.toNanos());
    }
  }

  /** No new messages; those on the way come to their end first. */
  List<Op> stop() {
    stopping = true;
    for (var sender : senders) {
      try {
        sender.join(Duration.ofSeconds(60));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return ops.stream().sorted(Comparator.comparing(Op::began)).toList();
  }

  /** Once everybody has heard the end of the newest run, or has had the time. */
  List<Heard> heard(Stored stored) {
    var newest = Runs.newest(stored);
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    followers.forEach(
        follower -> follower.awaitEnd(newest.getOrDefault(follower.session(), ""), end));
    followers.forEach(Follower::close);
    http.shutdownNow();
    return followers.stream().filter(Follower::hasBegun).map(Follower::heard).toList();
  }

  /** Until every session has been served again since then; gives up after so long. */
  void awaitServed(long since, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!isServed(since) && System.nanoTime() < end) {
      park(Duration.ofMillis(100));
    }
  }

  private boolean isServed(long since) {
    return ops.stream()
            .filter(op -> op.isAcknowledged() && op.began() >= since)
            .map(Op::session)
            .distinct()
            .count()
        == senders.size();
  }
}
