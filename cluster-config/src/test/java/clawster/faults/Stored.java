package clawster.faults;

import clawster.runtime.runs.RunEntry;
import clawster.runtime.sessions.SessionEvent;
import java.util.List;
import java.util.Map;

/**
 * What the cluster remembers, from all the places where it can be seen.
 *
 * @param journals every session's events as the table has them, by session key
 * @param histories what the API says, by session key
 * @param logs run logs as the table has them, by run
 * @param effects what tools have done
 */
record Stored(
    Map<String, List<Journaled>> journals,
    Map<String, List<Said>> histories,
    Map<String, List<RunEntry>> logs,
    List<Effect> effects) {

  Stored {
    journals = Map.copyOf(journals);
    histories = Map.copyOf(histories);
    logs = Map.copyOf(logs);
    effects = List.copyOf(effects);
  }

  /** A row of the journal. */
  record Journaled(long sequence, SessionEvent event) {}

  /**
   * A message of a history.
   *
   * @param callsTools whether it is no answer yet
   */
  record Said(String id, String role, String text, boolean callsTools) {}
}
