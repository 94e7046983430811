package clawster.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The matrix, cell by cell. */
final class AccessTest {

  /** What each scope alone opens. */
  @ParameterizedTest
  @CsvSource({
    "READ, PUBLIC READ",
    "WRITE, PUBLIC READ WRITE",
    "APPROVALS, PUBLIC APPROVE",
    "PAIRING, PUBLIC PAIR",
    "ADMIN, PUBLIC READ WRITE APPROVE PAIR ADMIN",
  })
  void aScopeOpensThese(Scope scope, String opened) {
    assertEquals(opened, opened(EnumSet.of(scope)));
  }

  @Test
  void whoHasNoScopeOpensWhatIsOpen() {
    assertEquals("PUBLIC", opened(Set.of()));
    assertEquals("PUBLIC", opened(Principal.ANYBODY.scopes()));
  }

  /** Else a key with all other scopes would be an admin's. */
  @Test
  void allOtherScopesTogetherAreNotAdmin() {
    var all = EnumSet.complementOf(EnumSet.of(Scope.ADMIN));
    assertFalse(Access.ADMIN.allows(all));
    assertEquals(Role.OPERATOR, key(all).role());
  }

  private static String opened(Set<Scope> scopes) {
    return Arrays.stream(Access.values())
        .filter(access -> access.allows(scopes))
        .map(Access::name)
        .collect(Collectors.joining(" "));
  }

  /** The role is what people see; it must not promise what scopes refuse, save to admins. */
  @ParameterizedTest
  @EnumSource
  void whoMayIsAtLeastOfTheRoleThatIsSaid(Access access) {
    for (var scope : Scope.values()) {
      var key = key(EnumSet.of(scope));
      if (access.allows(key)) {
        assertTrue(key.role().compareTo(access.least()) >= 0, access + " by " + scope);
      }
    }
  }

  @Test
  void theHighestScopeMakesTheRole() {
    assertEquals(Role.ADMIN, key(EnumSet.of(Scope.READ, Scope.ADMIN)).role());
    assertEquals(Role.OPERATOR, key(EnumSet.of(Scope.READ, Scope.PAIRING)).role());
    assertEquals(Role.VIEWER, key(EnumSet.of(Scope.READ)).role());
    assertEquals(Role.ADMIN, Principal.GATEWAY.role());
  }

  @ParameterizedTest
  @EnumSource
  void scopesAreKnownByTheirNamesAndByNothingElse(Scope scope) {
    assertEquals(Optional.of(scope), Scope.of(scope.wireName()));
    assertEquals(Optional.empty(), Scope.of(scope.name()));
    assertEquals(Optional.empty(), Scope.of(scope.wireName() + " "));
  }

  private static Principal key(Set<Scope> scopes) {
    return new Principal.Key(new UUID(0, 1), scopes, Optional.empty());
  }
}
