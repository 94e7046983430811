package clawster.http.socket;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What one frame of a client's brings it.
 *
 * @param last whether the connection ends with it
 */
record Reply(ObjectNode frame, boolean last) {

  static Reply of(ObjectNode frame) {
    return new Reply(frame, false);
  }

  static Reply last(ObjectNode frame) {
    return new Reply(frame, true);
  }
}
