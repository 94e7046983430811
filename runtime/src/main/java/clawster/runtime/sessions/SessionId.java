package clawster.runtime.sessions;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Names a session's entity and journal. Keys are user-made and long, ids are neither: the id is the
 * name-based UUID of the key, so finding a session needs no lookup on any node.
 */
public record SessionId(UUID value) {

  public static SessionId of(SessionKey key) {
    return new SessionId(
        UUID.nameUUIDFromBytes(("session:" + key.value()).getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
