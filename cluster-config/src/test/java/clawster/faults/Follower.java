package clawster.faults;

import clawster.stories.Caller;
import clawster.stories.Events;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Listens to a session from its first run on, and comes back with the last id it heard whenever the
 * connection ends.
 */
final class Follower implements AutoCloseable {

  private static final Set<String> ENDINGS =
      Set.of("run.done", "run.failed", "run.aborted", "run.absorbed");

  private final String session;
  private final HttpClient http;
  private final Supplier<List<URI>> edges;
  private final Random random;
  private final CompletableFuture<String> first = new CompletableFuture<>();
  private final List<Heard.Event> events = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile Optional<Events> connection = Optional.empty();
  private volatile boolean closed;

  Follower(String session, HttpClient http, Supplier<List<URI>> edges, long seed) {
    this.session = session;
    this.http = http;
    this.edges = edges;
    this.random = new Random(seed);
    this.thread = Thread.ofVirtual().start(this::follow);
  }

  String session() {
    return session;
  }

  /** The session has this run; the first call counts. */
  void begin(String run) {
    first.complete(run);
  }

  private void follow() {
    var position = first.join() + "-0";
    while (!closed) {
      var edge = Load.edge(edges.get(), random);
      if (edge.isPresent()) {
        position = follow(new Caller(http, edge.get(), ""), position);
      }
      Load.park(Duration.ofMillis(100));
    }
  }

  private String follow(Caller edge, String after) {
    var position = after;
    try (var heard = edge.follow(session, "", "Last-Event-ID", after)) {
      connection = Optional.of(heard);
      if (heard.status() != 200) {
        return position;
      }
      for (var event = heard.next(); event.isPresent() && !closed; event = heard.next()) {
        // Without an id it is no part of a run: the node says where to go on, or that it leaves.
        if (!event.get().id().isEmpty()) {
          position = event.get().id();
          keep(event.get());
        }
      }
    } catch (UncheckedIOException _) {
      return position;
    }
    return position;
  }

  private void keep(Events.Event event) {
    int dash = event.id().lastIndexOf('-');
    boolean text = event.name().equals("text") || event.name().equals("reasoning");
    events.add(
        new Heard.Event(
            event.id().substring(0, dash),
            Long.parseLong(event.id().substring(dash + 1)),
            event.name(),
            text ? event.json().at("/text").asText() : ""));
  }

  /** Whether it has been told where to begin. */
  boolean hasBegun() {
    return first.isDone() && !first.isCompletedExceptionally();
  }

  /** Until the end of this run has been heard; gives up at that time. */
  void awaitEnd(String run, long deadline) {
    while (!run.isEmpty() && !hasHeardEnd(run) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private boolean hasHeardEnd(String run) {
    return !hasBegun()
        || events.stream().anyMatch(e -> e.run().equals(run) && ENDINGS.contains(e.name()));
  }

  Heard heard() {
    return new Heard(session, first.join(), events);
  }

  @Override
  public void close() {
    closed = true;
    first.completeExceptionally(new IllegalStateException("closed"));
    connection.ifPresent(
        open -> {
          try {
            open.close();
          } catch (UncheckedIOException _) {
            // it had ended
          }
        });
    thread.interrupt();
  }
}
