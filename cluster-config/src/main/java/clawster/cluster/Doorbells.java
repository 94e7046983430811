package clawster.cluster;

import clawster.cluster.Doorbell.Answer;
import clawster.persistence.members.Member;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Rings without letting anybody wait: who asks gets the answer of the time before, as long as that
 * is fresh. A host's name may take a resolver many seconds to find, and who confirms that this node
 * is a member does not have them.
 */
final class Doorbells {

  /** What was true then need not be true later. */
  static final Duration FRESH = Duration.ofSeconds(1);

  private static final int AT_ONCE = 8;

  private final Function<Member, Answer> bell;
  private final Executor threads;
  private final Runnable gone;
  private final LongSupplier clock;
  private final Map<Integer, Heard> heard = new ConcurrentHashMap<>();
  private final Set<Integer> ringing = ConcurrentHashMap.newKeySet();

  /**
   * @param at by the clock
   */
  private record Heard(Answer answer, long at) {

    boolean isFresh(long now) {
      return now - at < FRESH.toNanos();
    }
  }

  /**
   * @param clock in nanoseconds, like {@link System#nanoTime}
   */
  Doorbells(Function<Member, Answer> bell, Executor threads, Runnable gone, LongSupplier clock) {
    this.bell = bell;
    this.threads = threads;
    this.gone = gone;
    this.clock = clock;
  }

  /**
   * On a few threads of its own. Not on virtual ones: looking a name up would take away from all
   * others what they run on.
   *
   * @param gone run when a member was found gone
   */
  static Doorbells create(Function<Member, Answer> bell, Runnable gone) {
    var threads =
        new ThreadPoolExecutor(
            0,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("clawster-doorbell-", 1).daemon().factory());
    return new Doorbells(bell, threads, gone, System::nanoTime);
  }

  /**
   * The last answer if it is fresh, unknown if not; rings again unless it was that of a dead one.
   */
  Answer answer(Member member) {
    long now = clock.getAsLong();
    heard.values().removeIf(old -> !old.isFresh(now));
    var last = heard.get(member.number());
    var answer = last == null ? Answer.UNKNOWN : last.answer();
    if (answer != Answer.GONE && ringing.add(member.number())) {
      ring(member);
    }
    return answer;
  }

  private void ring(Member member) {
    try {
      threads.execute(() -> hear(member));
    } catch (RejectedExecutionException _) {
      ringing.remove(member.number());
    }
  }

  private void hear(Member member) {
    try {
      var answer = bell.apply(member);
      heard.put(member.number(), new Heard(answer, clock.getAsLong()));
      if (answer == Answer.GONE) {
        gone.run();
      }
    } finally {
      ringing.remove(member.number());
    }
  }
}
