package clawster.runtime.packages;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a look at the packages of one kind has shown, on one node. */
sealed interface Inventory {

  /**
   * @param packages by their canonical names
   */
  record Listed(Map<String, InstalledPackage> packages) implements Inventory {

    /** Of one that is there twice, the first counts. */
    static Listed of(PackageKind kind, Collection<InstalledPackage> all) {
      var packages = new TreeMap<String, InstalledPackage>();
      all.forEach(one -> packages.putIfAbsent(kind.canonical(one.name()), one));
      return new Listed(packages);
    }

    Optional<InstalledPackage> find(PackageRef ref) {
      return Optional.ofNullable(packages.get(ref.name()));
    }
  }

  /** Somebody installs them, who could not say. */
  record Unclear(String why) implements Inventory {}

  /** Nobody installs them here. */
  record Nobody() implements Inventory {}
}
