package clawster.packages;

import java.util.Optional;

/**
 * @param installed the version that is installed; empty if none is
 * @param available a newer one, where that was asked for
 */
public record PackageState(String name, Optional<String> installed, Optional<String> available) {

  public static PackageState of(PackageName name, Optional<String> installed) {
    return new PackageState(name.text(), installed, Optional.empty());
  }
}
