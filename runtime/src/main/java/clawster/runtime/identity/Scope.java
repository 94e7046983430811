package clawster.runtime.identity;

import java.util.Optional;
import java.util.stream.Stream;

/** One thing a caller may do. The names are GoClaw's (its document on API keys). */
public enum Scope {
  ADMIN("operator.admin", Role.ADMIN),
  WRITE("operator.write", Role.OPERATOR),
  APPROVALS("operator.approvals", Role.OPERATOR),
  PAIRING("operator.pairing", Role.OPERATOR),
  READ("operator.read", Role.VIEWER);

  private final String wireName;
  private final Role role;

  Scope(String wireName, Role role) {
    this.wireName = wireName;
    this.role = role;
  }

  public String wireName() {
    return wireName;
  }

  /** The least that who has it is. */
  Role role() {
    return role;
  }

  public static Optional<Scope> of(String wireName) {
    return Stream.of(values()).filter(scope -> scope.wireName.equals(wireName)).findFirst();
  }
}
