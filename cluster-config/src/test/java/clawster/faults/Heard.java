package clawster.faults;

import java.util.List;

/**
 * What came to a listener of a session's events, over all its connections, in order of arrival.
 *
 * @param from the run whose beginning it asked for, and all that comes after
 */
record Heard(String session, String from, List<Event> events) {

  Heard {
    events = List.copyOf(events);
  }

  /**
   * @param name the event's, such as {@code text}
   * @param text what it adds to the answer, if anything
   */
  record Event(String run, long seq, String name, String text) {}
}
