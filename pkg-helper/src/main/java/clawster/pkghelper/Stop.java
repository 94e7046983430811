package clawster.pkghelper;

import clawster.packages.FailureCode;
import clawster.packages.Reply;

/** Something a machine refused, as a reply. */
final class Stop extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Reply.Failed reply;

  Stop(FailureCode code, String error) {
    super(error, null, false, false);
    reply = new Reply.Failed(code, error);
  }

  Reply.Failed reply() {
    return reply;
  }
}
