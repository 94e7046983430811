package clawster.faults;

import clawster.faults.Op.Result;
import clawster.stories.Caller;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One node is asked, and no other, five times a second until it ends or the asking does: each time
 * for a session of its own, so that nobody waits behind anybody. It may serve, or say when to come
 * again.
 */
final class Interrogation {

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration ATMOST = Duration.ofSeconds(60);

  /**
   * What was asked so shortly before a process ended may be left without an answer: it closes its
   * sockets first, with what the machine has accepted on them and it has not yet, and ends its
   * actors and takes leave of the database after that, which a busy machine needs seconds for.
   */
  private static final Duration ENDING = Duration.ofSeconds(5);

  private final RigNode node;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<Op> ops = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> asking = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  Interrogation(RigNode node) {
    this.node = node;
  }

  /** Goes on beside everything else. */
  void begin() {
    long end = System.nanoTime() + ATMOST.toNanos();
    int before = node.restarts();
    asking.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 1; !over && node.restarts() == before; i++) {
                    int number = i;
                    asking.add(Thread.ofVirtual().start(() -> ask(number)));
                    Load.park(PAUSE);
                    over |= System.nanoTime() > end;
                  }
                }));
  }

  private void ask(int number) {
    var sender = new Sender("agent:default:asked-%d-%d".formatted(node.number(), number), 1);
    node.address()
        .map(at -> new Caller(http, at, ""))
        .flatMap(caller -> sender.send(caller, "[[fake tokens=3]]", number % 2 == 0))
        .ifPresent(ops::add);
  }

  /** No new questions. */
  void stop() {
    over = true;
  }

  /** What became of all that was asked, once all of it has come to its end. */
  List<Op> end() {
    stop();
    for (var thread = asking.poll(); thread != null; thread = asking.poll()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    http.shutdownNow();
    return List.copyOf(ops);
  }

  /**
   * Each question was answered, or put off with 503 and Retry-After, or was asked just before the
   * node ended.
   */
  void mustBePolite() {
    var asked = end();
    System.out.println("node " + node.number() + " was asked and said " + replies(asked));
    if (asked.isEmpty()) {
      throw new AssertionError("node " + node.number() + " was never asked");
    }
    var rude = asked.stream().filter(op -> !isPolite(op)).toList();
    if (!rude.isEmpty()) {
      throw new AssertionError(
          "node %d was not polite %d times: %s"
              .formatted(node.number(), rude.size(), rude.getFirst()));
    }
  }

  private boolean isPolite(Op op) {
    boolean ending =
        op.reply().status() == 0
            && node.restarts() > 0
            && op.began() >= node.ended() - ENDING.toNanos();
    return op.reply().status() == 200 || op.reply().isUnavailable() || ending;
  }

  private static List<String> replies(List<Op> asked) {
    return asked.stream()
        .map(
            op ->
                "%d%s in %d ms"
                    .formatted(
                        op.reply().status(),
                        op.result() == Result.ACKNOWLEDGED ? "" : " " + op.result(),
                        (op.ended() - op.began()) / 1_000_000))
        .toList();
  }
}
