package clawster.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Looks at a node's threads now and then: a thread of the default dispatcher is at work or waits
 * for work, and never for anything else.
 */
final class StarvationDetector {

  private static final Pattern THREAD =
      Pattern.compile("(?m)^\"(clawster-\\S*default-dispatcher\\S*)\"");
  private static final String WAITS = "java.lang.Thread.State: (TIMED_)?(WAITING|BLOCKED)";
  private static final List<String> FOR_WORK =
      List.of("ForkJoinPool.awaitWork", "ForkJoinPool.runWorker", "LinkedBlockingQueue.take");

  private StarvationDetector() {}

  /** Stacks that block the dispatcher, over so many samples. */
  static List<String> blocked(long pid, int samples) {
    var found = new ArrayList<String>();
    for (int i = 0; i < samples; i++) {
      found.addAll(blocked(Jcmd.ask(pid, "Thread.print")));
      Load.park(Duration.ofMillis(200));
    }
    return found;
  }

  static List<String> blocked(String dump) {
    var found = new ArrayList<String>();
    for (var thread : dump.split("\n\n")) {
      if (THREAD.matcher(thread).find()
          && Pattern.compile(WAITS).matcher(thread).find()
          && !isIdle(thread)) {
        found.add(thread);
      }
    }
    return found;
  }

  /** What waits for work does so at the top of its stack, below the park itself. */
  private static boolean isIdle(String thread) {
    return thread
        .lines()
        .filter(line -> line.strip().startsWith("at "))
        .limit(4)
        .anyMatch(line -> FOR_WORK.stream().anyMatch(line::contains));
  }
}
