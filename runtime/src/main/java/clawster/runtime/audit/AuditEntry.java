package clawster.runtime.audit;

import clawster.runtime.kernel.Ids;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * That somebody did something. Texts that callers have a part in are cut, and are one line each:
 * nobody can store much by being refused, nor forge a second line.
 *
 * @param details what else there is to say, short; never a secret and never a message
 * @param address where the request came from
 */
public record AuditEntry(
    UUID id,
    Actor actor,
    String action,
    String entityType,
    Optional<String> entityId,
    Map<String, String> details,
    Optional<String> address,
    Instant at) {

  static final int MAX_ID = 512;
  static final int MAX_DETAIL = 1_000;
  static final int MAX_ADDRESS = 64;

  /** Of an entry whose change may have happened or not. */
  public static final String OUTCOME = "outcome";

  public AuditEntry {
    actor = new Actor(line(actor.type(), MAX_DETAIL), line(actor.id(), MAX_DETAIL));
    entityId = entityId.map(text -> line(text, MAX_ID));
    address = address.map(text -> line(text, MAX_ADDRESS));
    details =
        details.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, detail -> line(detail.getValue(), MAX_DETAIL)));
    at = at.truncatedTo(ChronoUnit.MICROS);
  }

  public static AuditEntry of(Action action, Actor actor, Optional<String> address, Instant at) {
    return new AuditEntry(
        Ids.next(),
        actor,
        action.wireName(),
        action.entityType(),
        Optional.empty(),
        Map.of(),
        address,
        at);
  }

  /** On which of its kind. */
  public AuditEntry about(String entity) {
    return new AuditEntry(id, actor, action, entityType, Optional.of(entity), details, address, at);
  }

  public AuditEntry with(String name, String value) {
    var more = new HashMap<>(details);
    more.put(name, value);
    return new AuditEntry(id, actor, action, entityType, entityId, more, address, at);
  }

  private static String line(String text, int most) {
    var line = new StringBuilder();
    for (int c : text.codePoints().limit(most).toArray()) {
      if (line.length() + Character.charCount(c) > most) {
        break;
      }
      line.appendCodePoint(Character.isISOControl(c) || isHalf(c) ? '\uFFFD' : c);
    }
    return line.toString();
  }

  /** Half of a surrogate pair, which no database could hold. */
  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
