package clawster.runtime.packages;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How it stands with one declaration.
 *
 * @param declaration empty if another one has taken its place
 * @param statuses by the id of the node that said it, whether it is a member or not
 * @param moved when a node came further the last time, with whatever it was
 */
public record Standing(
    Optional<Declaration> declaration,
    Map<String, PackageStatus> statuses,
    Map<String, Instant> moved) {

  public Standing {
    statuses = Map.copyOf(statuses);
    moved = Map.copyOf(moved);
  }
}
