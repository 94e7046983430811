package clawster.runtime.limits;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Open answers of one process. */
public final class InMemoryAnswerCounts implements AnswerCounts {

  private final Map<UUID, String> all = new HashMap<>();
  private boolean away;

  /** Answers nothing from now on, or again. */
  public synchronized void away(boolean gone) {
    away = gone;
  }

  /** As a database that has crashed. */
  public synchronized void forget() {
    all.clear();
  }

  public synchronized int open() {
    return all.size();
  }

  private <T> CompletionStage<T> answer(T value) {
    return CompletableFuture.completedStage(value);
  }

  private <T> CompletionStage<T> noAnswer() {
    return CompletableFuture.failedStage(new IllegalStateException("away"));
  }

  @Override
  public synchronized CompletionStage<Boolean> begin(UUID run, String name, int most) {
    if (away) {
      return noAnswer();
    }
    var others = new HashMap<>(all);
    others.remove(run);
    boolean free = others.values().stream().filter(name::equals).count() < most;
    if (free) {
      all.put(run, name);
    }
    return answer(free);
  }

  @Override
  public synchronized CompletionStage<Void> goOn(Map<UUID, String> answers) {
    if (away) {
      return noAnswer();
    }
    all.putAll(answers);
    return answer(null);
  }

  @Override
  public synchronized CompletionStage<Void> end(Set<UUID> runs) {
    if (away) {
      return noAnswer();
    }
    all.keySet().removeAll(runs);
    return answer(null);
  }
}
