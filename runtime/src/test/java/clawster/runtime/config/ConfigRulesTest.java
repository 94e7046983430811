package clawster.runtime.config;

import static clawster.runtime.config.GatewaySettings.ALLOWED_HOSTS;
import static clawster.runtime.config.GatewaySettings.SESSION_IDLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import clawster.runtime.kernel.Decision;
import clawster.runtime.kernel.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ConfigRulesTest {

  private static final ConfigDocument MINUTE =
      ConfigDocument.EMPTY.with(SESSION_IDLE, Duration.ofMinutes(1));

  private static Decision<ConfigDocument> patch(
      ConfigDocument document, Map<String, Optional<Object>> changes) {
    return ConfigRules.patch(document, changes, Optional.empty(), ConfigDocument.EMPTY);
  }

  private static void assertRefused(Problem problem, Decision<ConfigDocument> decision) {
    assertEquals(Decision.refused(problem), decision);
  }

  @Test
  void whatIsNamedChangesAndTheRestStays() {
    assertEquals(
        Decision.happens(MINUTE.with(ALLOWED_HOSTS, List.of("a.example"))),
        patch(MINUTE, Map.of("gateway.allowed_hosts", Optional.of(List.of("a.example")))));
  }

  @Test
  void nothingSetsItBack() {
    var next = patch(MINUTE, Map.of("sessions.idle_seconds", Optional.empty()));
    assertEquals(Decision.happens(ConfigDocument.EMPTY), next);
  }

  @Test
  void theSameAgainIsNoChange() {
    assertEquals(Decision.nothing(), patch(MINUTE, Map.of()));
    assertEquals(
        Decision.nothing(), patch(MINUTE, Map.of("sessions.idle_seconds", Optional.of(60))));
  }

  @Test
  void whatIsUnknownOrWrongChangesNothingAtAll() {
    assertRefused(
        ConfigProblems.unknown("sessions.ilde"),
        patch(MINUTE, Map.of("sessions.ilde", Optional.of(1))));
    assertRefused(
        ConfigProblems.wrong(SESSION_IDLE),
        patch(MINUTE, Map.of("sessions.idle_seconds", Optional.of("soon"))));
  }

  @Test
  void whatTheEnvironmentFixesIsNotChanged() {
    var changes = Map.of("sessions.idle_seconds", Optional.<Object>of(5));
    assertRefused(
        ConfigProblems.fixed(SESSION_IDLE),
        ConfigRules.patch(ConfigDocument.EMPTY, changes, Optional.empty(), MINUTE));
  }

  @Test
  void aChangeMeantForAnotherDocumentIsRefused() {
    var changes = Map.of("sessions.idle_seconds", Optional.<Object>of(5));
    var stale = Optional.of(ConfigDocument.EMPTY.hash());
    assertRefused(
        ConfigProblems.STALE, ConfigRules.patch(MINUTE, changes, stale, ConfigDocument.EMPTY));
    assertEquals(
        Decision.happens(MINUTE.with(SESSION_IDLE, Duration.ofSeconds(5))),
        ConfigRules.patch(MINUTE, changes, Optional.of(MINUTE.hash()), ConfigDocument.EMPTY));
  }

  @Test
  void theHashIsOfWhatIsSetAndNotOfItsOrder() {
    var other = ConfigDocument.EMPTY.with(ALLOWED_HOSTS, List.of("a"));
    assertEquals(
        MINUTE.with(ALLOWED_HOSTS, List.of("a")).hash(),
        other.with(SESSION_IDLE, Duration.ofMinutes(1)).hash());
    assertNotEquals(MINUTE.hash(), other.hash());
    assertEquals(16, MINUTE.hash().length());
  }

  @Test
  void aDocumentIsReadAsItWasPlain() {
    var document = MINUTE.with(ALLOWED_HOSTS, List.of("a.example", "b.example"));
    assertEquals(new ConfigDocument.Reading.Read(document), ConfigDocument.read(document.plain()));
    assertEquals(
        new ConfigDocument.Reading.Refused(ConfigProblems.unknown("a.b")),
        ConfigDocument.read(Map.of("a.b", 1)));
  }
}
