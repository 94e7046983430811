package clawster.http.sessions;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Problem;
import clawster.runtime.runs.RunId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a session's events: {@code <run>-<seq>}.
 *
 * @param seq the last entry seen; 0 for none
 */
record EventPosition(RunId run, long seq) {

  static final Problem GONE = Problem.of(Problem.Kind.GONE, "session.events_gone");

  static final Pattern FORM =
      Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9]{1,18})");

  /**
   * @param there whether the run's log has this entry
   * @param kept whether it has any
   */
  Optional<Problem> refusal(boolean there, boolean kept) {
    if (there) {
      return Optional.empty();
    }
    return Optional.of(
        kept ? RequestProblems.field("after", Flaw.of("no_entry_yet").with("entry", seq)) : GONE);
  }

  static EventPosition parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new BadRequest(RequestProblems.field("after", Flaw.of("position")));
    }
    return new EventPosition(RunId.of(form.group(1)), Long.parseLong(form.group(2)));
  }
}
