package clawster.runtime.packages;

/** A package, whatever its version: its name has been judged and is canonical. */
public record PackageRef(PackageKind kind, String name) {

  public PackageRef {
    if (!kind.accepts(name) || !kind.canonical(name).equals(name)) {
      throw new IllegalArgumentException("not the name of a package");
    }
  }

  /** {@code npm:@scope/name}. */
  @Override
  public String toString() {
    return kind.prefix() + name;
  }
}
