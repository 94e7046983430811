package clawster.runtime.packages;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node last said of its packages.
 *
 * @param node its id, as {@code /v1/cluster} shows it
 * @param name what people call it
 * @param installed by kind, sorted by name; a kind that could not be looked at is missing
 * @param statuses of what is declared, as far as this node has heard
 */
public record NodePackages(
    String node,
    String name,
    Map<PackageKind, List<InstalledPackage>> installed,
    List<LanguageRuntime> runtimes,
    List<PackageStatus> statuses,
    Instant at) {

  public NodePackages {
    installed = Map.copyOf(installed);
    runtimes = List.copyOf(runtimes);
    statuses = List.copyOf(statuses);
  }

  /** How it stands with one declaration; empty if this node has not heard of it. */
  public Optional<PackageStatus> status(long change) {
    return statuses.stream().filter(status -> status.change() == change).findFirst();
  }
}
