package clawster.http.sessions;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.runs.RunId;

/**
 * A place in a session's events: {@code <run>-<seq>}.
 *
 * @param seq the last entry seen; 0 for none
 */
record EventPosition(RunId run, long seq) {

  static EventPosition parse(String text) {
    int dash = text.lastIndexOf('-');
    try {
      long seq = Long.parseLong(text.substring(dash + 1));
      if (dash < 0 || seq < 0) {
        throw new NumberFormatException();
      }
      return new EventPosition(RunId.of(text.substring(0, dash)), seq);
    } catch (IllegalArgumentException e) {
      throw new BadRequest(RequestProblems.field("after", "<run>-<seq> is expected"));
    }
  }
}
