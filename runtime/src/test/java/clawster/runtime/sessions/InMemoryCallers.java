package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Callers of one JVM, as one of its nodes has them. */
final class InMemoryCallers implements Callers {

  private record Noted(RequestHash request, String node, int callers, boolean closed) {}

  private final Map<RunId, Noted> runs;
  private final SignsOfLife nodes;

  InMemoryCallers(SignsOfLife nodes) {
    this(nodes, new LinkedHashMap<>());
  }

  private InMemoryCallers(SignsOfLife nodes, Map<RunId, Noted> runs) {
    this.nodes = nodes;
    this.runs = runs;
  }

  InMemoryCallers ofAnotherNode(SignsOfLife others) {
    return new InMemoryCallers(others, runs);
  }

  void note(RunId run, Asking asking) {
    synchronized (runs) {
      runs.putIfAbsent(run, new Noted(asking.request(), asking.node(), 1, false));
    }
  }

  @Override
  public Asking asking(RequestHash request) {
    return new Asking(request, nodes.self());
  }

  @Override
  public CompletionStage<Void> left(RunId run) {
    return gone(run, false);
  }

  @Override
  public void delivered(RunId run) {
    gone(run, true);
  }

  private CompletionStage<Void> gone(RunId run, boolean delivered) {
    synchronized (runs) {
      runs.computeIfPresent(
          run,
          (_, old) ->
              new Noted(
                  old.request(),
                  old.node(),
                  Math.max(0, old.callers() - 1),
                  old.closed() || delivered));
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> join(SessionId session, RunId run, Asking asking) {
    synchronized (runs) {
      runs.merge(
          run,
          new Noted(asking.request(), asking.node(), 2, false),
          (old, joined) ->
              new Noted(old.request(), joined.node(), old.callers() + 1, old.closed()));
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Optional<RunId>> rejoin(RequestHash request) {
    synchronized (runs) {
      var lost =
          runs.entrySet().stream()
              .filter(run -> run.getValue().request().equals(request) && !run.getValue().closed())
              .filter(run -> run.getValue().callers() == 0 || !nodes.isAlive(run.getValue().node()))
              .map(Map.Entry::getKey)
              .reduce((_, newer) -> newer);
      lost.ifPresent(run -> runs.put(run, new Noted(request, nodes.self(), 1, false)));
      return CompletableFuture.completedStage(lost);
    }
  }

  @Override
  public CompletionStage<Boolean> abandon(RunId run) {
    synchronized (runs) {
      var noted = runs.get(run);
      boolean alone = noted != null && noted.callers() == 0 && !noted.closed();
      if (alone) {
        runs.put(run, new Noted(noted.request(), noted.node(), 0, true));
      }
      return CompletableFuture.completedStage(alone);
    }
  }
}
