package clawster.faults;

import java.util.List;

/** What came to a listener of a session's events, over all its connections, in order of arrival. */
record Heard(String session, List<Event> events) {

  Heard {
    events = List.copyOf(events);
  }

  /**
   * @param name the event's, such as {@code text}
   * @param text what it adds to the answer, if anything
   */
  record Event(String run, long seq, String name, String text) {}
}
