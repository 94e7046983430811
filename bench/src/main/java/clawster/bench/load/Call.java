package clawster.bench.load;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One request and what came of it, written by the swarm's thread. Times are {@link
 * System#nanoTime}.
 */
final class Call {

  private final byte[] request;
  private final int tokensAsked;
  private final int expected;
  private final int[] arrivalMicros;
  private long sentNanos;
  private long endNanos;
  private int status;
  private int tokens;
  private boolean inOrder = true;
  private volatile boolean begun;
  private boolean moving;
  private double standstillMillis = Double.NaN;

  /**
   * How many were not answered in full, those that never came back among them. Says of the first
   * few what became of them.
   */
  static long failed(List<Call> ended, long expected) {
    var broken = ended.stream().filter(call -> !call.isComplete()).toList();
    broken.stream().limit(3).forEach(call -> System.err.println("failed: " + call));
    long hanging = expected - ended.size();
    if (hanging > 0) {
      System.err.println("failed: " + hanging + " did not come back in time");
    }
    return broken.size() + hanging;
  }

  Call(byte[] request, int tokensAsked) {
    this(request, tokensAsked, 200);
  }

  private Call(byte[] request, int tokensAsked, int expected) {
    this.request = request;
    this.tokensAsked = tokensAsked;
    this.expected = expected;
    this.arrivalMicros = new int[tokensAsked];
  }

  /** Without tokens; that status is its answer in full. */
  static Call answered(byte[] request, int status) {
    return new Call(request, 0, status);
  }

  byte[] request() {
    return request;
  }

  void sent(long nanos) {
    sentNanos = nanos;
  }

  void token(long nanos) {
    if (tokens < arrivalMicros.length) {
      arrivalMicros[tokens] = (int) ((nanos - sentNanos) / 1_000);
    }
    if (tokens == 0) {
      begun = true;
    }
    tokens++;
    if (moving) {
      moving = false;
      standstillMillis = largestGapMillis();
    }
  }

  /** The stream says that another node goes on with it. */
  void moved() {
    moving = true;
  }

  void outOfOrder() {
    inOrder = false;
  }

  void ended(int answered, long nanos) {
    status = answered;
    endNanos = nanos;
  }

  /** Whether a token has come; for any thread. */
  boolean hasBegun() {
    return begun;
  }

  int tokensAsked() {
    return tokensAsked;
  }

  int tokens() {
    return tokens;
  }

  /** Answered in full: nothing lost, nothing twice. */
  boolean isComplete() {
    return status == expected && inOrder && tokens == tokensAsked;
  }

  double tookMillis() {
    return (endNanos - sentNanos) / 1e6;
  }

  /** How long it stood still between two tokens, at worst. */
  double largestGapMillis() {
    int largest = 0;
    for (int token = 1; token < Math.min(tokens, arrivalMicros.length); token++) {
      largest = Math.max(largest, arrivalMicros[token] - arrivalMicros[token - 1]);
    }
    return largest / 1e3;
  }

  /**
   * How long it stood still at worst until it had moved to another node; empty if it did not move.
   * What the old node wrote last may come after the standstill, together with the word of the move,
   * so the gap around that word says little.
   */
  OptionalDouble standstillMillis() {
    return Double.isNaN(standstillMillis)
        ? OptionalDouble.empty()
        : OptionalDouble.of(standstillMillis);
  }

  double firstTokenMillis() {
    return arrivalMicros[0] / 1e3;
  }

  /**
   * How late each token was against its schedule. The schedule's zero is set by the token that came
   * soonest for its place, so that a slow start is {@link #firstTokenMillis} and not lateness of
   * all that follows.
   */
  void lateness(double apartMillis, Samples samples) {
    var zero = Double.MAX_VALUE;
    for (var index = 0; index < arrivalMicros.length; index++) {
      zero = Math.min(zero, arrivalMicros[index] / 1e3 - index * apartMillis);
    }
    for (var index = 0; index < arrivalMicros.length; index++) {
      samples.add(arrivalMicros[index] / 1e3 - index * apartMillis - zero);
    }
  }

  @Override
  public String toString() {
    return "status "
        + status
        + ", "
        + tokens
        + " of "
        + tokensAsked
        + " tokens"
        + (inOrder ? "" : ", out of order");
  }
}
