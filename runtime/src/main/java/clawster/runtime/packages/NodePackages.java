package clawster.runtime.packages;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

  /** Of a node that has said nothing. */
  static NodePackages unheard(MemberName node) {
    return new NodePackages(node.id(), node.name(), Map.of(), List.of(), List.of(), Instant.EPOCH);
  }

  /** With that status of a declaration, whatever else is said of it here. */
  NodePackages with(long change, Optional<PackageStatus> status) {
    var others = statuses.stream().filter(one -> one.change() != change);
    return new NodePackages(
        node, name, installed, runtimes, Stream.concat(others, status.stream()).toList(), at);
  }
}
