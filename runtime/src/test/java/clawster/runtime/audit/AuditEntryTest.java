package clawster.runtime.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an entry makes of what callers send. */
final class AuditEntryTest {

  private static AuditEntry entry(String text) {
    return AuditEntry.of(
            Action.SESSION_RESET, new Actor("api_key", text), Optional.of(text), Instant.EPOCH)
        .about(text)
        .with("user", text);
  }

  @Test
  void textsAreCut() {
    var entry = entry("x".repeat(10_000));
    assertEquals(AuditEntry.MAX_DETAIL, entry.actor().id().length());
    assertEquals(AuditEntry.MAX_DETAIL, entry.details().get("user").length());
    assertEquals(AuditEntry.MAX_ID, entry.entityId().orElseThrow().length());
    assertEquals(AuditEntry.MAX_ADDRESS, entry.address().orElseThrow().length());
  }

  @Test
  void noCharacterIsCutInTwo() {
    var crabs = "x" + "🦀".repeat(AuditEntry.MAX_ID);
    var cut = entry(crabs).entityId().orElseThrow();
    assertEquals(AuditEntry.MAX_ID - 1, cut.length());
    assertTrue(crabs.startsWith(cut));
  }

  @Test
  void whatNoDatabaseHoldsAndWhatForgesLinesIsReplaced() {
    assertEquals(
        "a\uFFFDb\uFFFD\uFFFDc\uFFFDd", entry("a\u0000b\r\nc\uD83Dd").entityId().orElseThrow());
  }

  @Test
  void aShortTextStays() {
    assertEquals("ann ü 名前", entry("ann ü 名前").details().get("user"));
  }

  @ParameterizedTest
  @EnumSource
  void everyActionIsNamedAlike(Action action) {
    assertTrue(action.wireName().matches("[a-z_]+\\.[a-z_]+"), action.wireName());
    assertTrue(action.wireName().startsWith(action.entityType() + "."), action.wireName());
    assertEquals(action.name().toLowerCase(Locale.ROOT), underscored(action));
  }

  private static String underscored(Action action) {
    return action.wireName().replace('.', '_');
  }

  @Test
  void noTwoActionsHaveOneName() {
    var names = Arrays.stream(Action.values()).map(Action::wireName).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }
}
