package clawster.runtime.identity;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who may call what declares it: the one matrix of roles and scopes against operations. A role
 * alone opens nothing, so that who may approve commands cannot also write.
 */
public enum Access {
  /** Everybody; no credential is looked at. */
  PUBLIC(Role.VIEWER, EnumSet.allOf(Scope.class)),
  /** What changes nothing. */
  READ(Role.VIEWER, EnumSet.of(Scope.READ, Scope.WRITE)),
  /** What changes something, and whatever makes a model answer. */
  WRITE(Role.OPERATOR, EnumSet.of(Scope.WRITE)),
  /** Whether a command may be run. */
  APPROVE(Role.OPERATOR, EnumSet.of(Scope.APPROVALS)),
  /** Which devices are let in. */
  PAIR(Role.OPERATOR, EnumSet.of(Scope.PAIRING)),
  /** Keys, nodes, settings: what could make somebody admin, or stop the service. */
  ADMIN(Role.ADMIN, EnumSet.noneOf(Scope.class));

  private final Role least;
  private final Set<Scope> scopes;

  Access(Role least, Set<Scope> scopes) {
    this.least = least;
    this.scopes = scopes;
  }

  /** The least a caller has to be. */
  public Role least() {
    return least;
  }

  /** Whether who has these may; an admin may everything. */
  public boolean allows(Set<Scope> granted) {
    return this == PUBLIC
        || granted.contains(Scope.ADMIN)
        || scopes.stream().anyMatch(granted::contains);
  }

  public boolean allows(Principal principal) {
    return allows(principal.scopes());
  }
}
