package clawster.faults;

import clawster.runtime.kernel.Decision;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Call;
import clawster.runtime.sessions.RunSpec;
import clawster.runtime.tools.Toolbox;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What rewritten classes call, inside a node. Public, and with public types only, because they call
 * it from every package.
 */
public final class Hooks {

  /** Where a node finds its orders. */
  static final String ORDERS = "clawster.faults.orders";

  /** A process that was halted by order ends with this. */
  static final int HALTED = 137;

  private static final Path DIRECTORY = Path.of(System.getProperty(ORDERS, "/nonexistent"));

  private Hooks() {}

  /** A hook's line has been reached. */
  public static void reached(String hook, Object[] arguments) {
    if (Order.isOpen(DIRECTORY, hook)) {
      Order.take(DIRECTORY, hook, Arrays.toString(arguments))
          .ifPresent(order -> obey(order, arguments));
    }
  }

  private static void obey(Order order, Object[] arguments) {
    switch (order.action()) {
      case HALT -> {
        block(order.millis());
        Runtime.getRuntime().halt(HALTED);
      }
      case BLOCK -> block(order.millis());
      case THROW -> throw new IllegalStateException("thrown by order");
      case EXHAUST -> exhaust();
      case ACKNOWLEDGE -> acknowledge(arguments);
    }
  }

  private static void block(int millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void exhaust() {
    var all = new ArrayList<byte[]>();
    while (all.size() < Integer.MAX_VALUE) {
      all.add(new byte[8 << 20]);
    }
  }

  /** Knows the arguments of {@code SessionEntity.apply}: state, decision, whom to reply and how. */
  @SuppressWarnings("unchecked")
  private static void acknowledge(Object[] arguments) {
    if (arguments[1] instanceof Decision.Happens<?>(var events) && !events.isEmpty()) {
      var reply = ((Function<List<?>, Object>) arguments[3]).apply(events);
      ((ActorRef<Object>) arguments[2]).tell(reply);
    }
  }

  /** In place of the standard toolbox: tools whose effects can be counted. */
  public static Toolbox toolbox(Clock clock) {
    return new Toolbox(List.of(new LedgerTool("note_once", false), new LedgerTool("note", true)));
  }

  /** A planted bug: every run is new. */
  public static boolean knowsNothing(RunId run) {
    return false;
  }

  /** A planted bug: every tool may run again. */
  public static Call.Runner alwaysAgain(RunSpec spec, String tool) {
    return Call.Runner.HERE_AGAIN;
  }
}
