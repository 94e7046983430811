package clawster.runtime.limits;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The runs that callers began, in the whole cluster and by one clock. */
public interface RunCounts {

  sealed interface Outcome {

    /**
     * @param minute in which it is counted
     */
    record Counted(Instant minute) implements Outcome {}

    record Refused(Quota.UsedUp usedUp) implements Outcome {}
  }

  /** Counts one more, unless the quota is used up. Two at the same moment are told apart. */
  CompletionStage<Outcome> begin(String name, Quota quota);

  /** One of that minute did not begin after all. */
  CompletionStage<Void> takeBack(String name, Instant minute);

  /**
   * What was begun by one caller within the last hour, day and week, as a quota counts it.
   *
   * @param name of the caller
   */
  record Used(String name, long hour, long day, long week) {

    public long of(Span span) {
      return switch (span) {
        case HOUR -> hour;
        case DAY -> day;
        case WEEK -> week;
      };
    }
  }

  /**
   * @param today runs since midnight, UTC
   * @param callersToday who began them
   * @param callers those with most runs within the week, first of all the busiest
   */
  record Usage(long today, long callersToday, List<Used> callers) {

    public Usage {
      callers = List.copyOf(callers);
    }
  }

  /**
   * @param most callers
   */
  CompletionStage<Usage> usage(int most);
}
