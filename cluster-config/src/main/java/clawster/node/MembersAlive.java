package clawster.node;

import clawster.persistence.members.Census;
import clawster.runtime.sessions.SignsOfLife;
import java.util.function.Supplier;

/**
 * The cluster's nodes by their numbers among the members, which no two processes share. Alive is
 * whose sign of life was there when the members were last looked at, a moment ago.
 */
record MembersAlive(Supplier<Census> census) implements SignsOfLife {

  @Override
  public String self() {
    return String.valueOf(census.get().me());
  }

  @Override
  public boolean isAlive(String node) {
    return census.get().members().stream()
        .anyMatch(member -> member.alive() && String.valueOf(member.number()).equals(node));
  }
}
