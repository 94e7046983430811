package clawster.packages;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A system's package manager, as words: what it is told and what its answers mean. Nothing is run
 * here. The first word of a command is a program, to be found on a path that the caller trusts; no
 * word but a {@link PackageName} comes from outside.
 */
public sealed interface BackEnd permits Apt, Apk {

  /** Those there are, the likelier one first. */
  List<BackEnd> ALL = List.of(new Apt(), new Apk());

  /** What people call it. */
  String title();

  NameRule names();

  /** A system where all of these are has this manager. */
  List<String> programs();

  /** Besides the path, all that its programs are given of an environment. */
  Map<String, String> environment();

  /** Takes nothing away but what its manager itself puts something else in the place of. */
  List<String> install(PackageName name);

  /** Fails rather than remove anything else that was asked for. */
  List<String> uninstall(PackageName name);

  List<String> upgrade(PackageName name);

  List<String> updateIndex();

  /** Each line it prints is one for {@link #outdated}. */
  List<String> listOutdated();

  /** What a line tells, if anything. */
  Optional<PackageState> outdated(String line);

  /**
   * All there are, at the cost of one: each line it prints is one for {@link #installed}, and what
   * is in none of them is not installed.
   */
  List<String> listInstalled();

  /** The package that is, if the line tells one. */
  Optional<PackageState> installed(String line);

  /**
   * Each line it prints is one for {@link #isWithoutCandidate}; empty if only an installation shows
   * what a name stands for.
   */
  Optional<List<String>> queryCandidate(PackageName name);

  /** Whether the line says that there is no package of the name itself, only others for it. */
  boolean isWithoutCandidate(String line);

  /** What makes its records whole again when it was killed; empty if they always are. */
  Optional<List<String>> repair();

  /** Why it failed, by what it said. */
  FailureCode failure(String said);
}
