package clawster.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import clawster.runtime.limits.Quota;
import clawster.runtime.limits.RateRule;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LimitSettingsTest {

  private static LiveConfig set(Map<String, Object> plain) {
    var document = ((ConfigDocument.Reading.Read) ConfigDocument.read(plain)).document();
    return LiveConfig.start(new InMemoryConfigStore(), document, _ -> true)
        .toCompletableFuture()
        .join();
  }

  @Test
  void limitsAreOffUnlessSet() {
    var config = set(Map.of());
    assertEquals(Optional.empty(), LimitSettings.rate(config));
    assertEquals(Optional.empty(), LimitSettings.atOnce(config));
    assertEquals(Quota.NONE, LimitSettings.quota(config));
    assertEquals(64, config.get(LimitSettings.CONNECTIONS_PER_ADDRESS));
    assertFalse(config.get(LimitSettings.LOCK_LOOPBACK));
  }

  @Test
  void zeroIsNoLimit() {
    var config = set(Map.of("gateway.rate_limit_rpm", 0, "gateway.answers_at_once", 0));
    assertEquals(Optional.empty(), LimitSettings.rate(config));
    assertEquals(Optional.empty(), LimitSettings.atOnce(config));
  }

  @Test
  void whatIsSetCounts() {
    var config =
        set(
            Map.of(
                "gateway.rate_limit_rpm", 20,
                "gateway.answers_at_once", 2,
                "gateway.quota.default.day", 100));
    assertEquals(Optional.of(new RateRule(20)), LimitSettings.rate(config));
    assertEquals(Optional.of(2), LimitSettings.atOnce(config));
    assertEquals(new Quota(0, 100, 0), LimitSettings.quota(config));
  }

  @Test
  void aQuotaCanBeSwitchedOffAsItIs() {
    var config = set(Map.of("gateway.quota.default.hour", 5, "gateway.quota.enabled", false));
    assertEquals(Quota.NONE, LimitSettings.quota(config));
  }
}
