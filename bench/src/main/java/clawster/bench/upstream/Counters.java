package clawster.bench.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What happened so far. Written and read on the loop's thread only. */
final class Counters {

  long requests;
  long streams;
  long tokens;
  long errors;
  long cuts;
  long aborted;
  long maxMessages;

  /** Wall clock, so that a client in another process can subtract. */
  long lastAbortAtMicros;

  long active;
  long peakActive;

  void began() {
    requests++;
    active++;
    peakActive = Math.max(peakActive, active);
  }

  /** What is still active stays so. */
  void reset() {
    requests = streams = tokens = errors = cuts = aborted = maxMessages = lastAbortAtMicros = 0;
    peakActive = active;
  }

  ObjectNode json() {
    return Json.object()
        .put("requests", requests)
        .put("streams", streams)
        .put("active", active)
        .put("peakActive", peakActive)
        .put("aborted", aborted)
        .put("lastAbortAtMicros", lastAbortAtMicros)
        .put("tokens", tokens)
        .put("errors", errors)
        .put("cuts", cuts)
        .put("maxMessages", maxMessages);
  }
}
