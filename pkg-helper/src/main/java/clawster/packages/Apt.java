package clawster.packages;

import static clawster.packages.FailureCode.CONFLICT;
import static clawster.packages.FailureCode.DISK_FULL;
import static clawster.packages.FailureCode.LOCKED;
import static clawster.packages.FailureCode.NETWORK;
import static clawster.packages.FailureCode.NOT_FOUND;
import static clawster.packages.FailureCode.PERMISSION;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Debian's. Its grammar for an argument is wider than names: {@code NAME-} removes, {@code NAME+}
 * installs whatever the verb is, {@code NAME/release} and {@code NAME=version} choose, {@code
 * NAME^} is a task, a dot or plus may make it a regular expression over all names. Names may end in
 * a plus and have dots ({@code g++}, {@code python3.11}), so the grammar alone does not help: every
 * name is given as {@code NAME:native}, which ends in no sign, and expressions are switched off.
 *
 * <p>Packages are removed by {@code dpkg}, which takes nothing but names and refuses to remove what
 * another package needs or what is essential; {@code apt-get} would remove all of them.
 */
public record Apt() implements BackEnd {

  private static final NameRule NAMES = NameRule.of("[a-z0-9][a-z0-9+.-]*+(?<!-)(?<=..)");

  private static final StateLine OUTDATED =
      StateLine.of(
          "Inst (?<name>[^ ]{1,200}) \\[(?<installed>[^]]{1,200})] \\((?<available>[^ )]{1,200})["
              + " )].*");

  private static final StateLine INSTALLED =
      StateLine.of("installed (?<name>[^ ]{1,200}) (?<installed>[^ ]{1,200})");

  private static final List<FailureSign> SIGNS =
      List.of(
          new FailureSign("Could not get lock", LOCKED),
          new FailureSign("lock was locked by another process", LOCKED),
          new FailureSign("No space left on device", DISK_FULL),
          new FailureSign("You don't have enough free space", DISK_FULL),
          new FailureSign("Unable to locate package", NOT_FOUND),
          new FailureSign("has no installation candidate", NOT_FOUND),
          // The index has it and the mirror does not, in words of its own; before all downloads.
          new FailureSign("  404  ", NOT_FOUND),
          new FailureSign("Packages need to be removed but remove is disabled", CONFLICT),
          new FailureSign("unmet dependencies", CONFLICT),
          new FailureSign("held broken packages", CONFLICT),
          new FailureSign("dependency problems", CONFLICT),
          new FailureSign("this is an essential package", PERMISSION),
          new FailureSign("this is a protected package", PERMISSION),
          new FailureSign("are you root", PERMISSION),
          new FailureSign("Permission denied", PERMISSION),
          new FailureSign("Temporary failure resolving", NETWORK),
          new FailureSign("Could not resolve", NETWORK),
          new FailureSign("Could not connect", NETWORK),
          new FailureSign("Connection failed", NETWORK),
          new FailureSign("Failed to fetch", NETWORK));

  @Override
  public String title() {
    return "apt";
  }

  @Override
  public NameRule names() {
    return NAMES;
  }

  @Override
  public List<String> programs() {
    return List.of("apt-get", "apt-cache", "dpkg", "dpkg-query");
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("LC_ALL", "C.UTF-8", "DEBIAN_FRONTEND", "noninteractive", "HOME", "/");
  }

  @Override
  public List<String> install(PackageName name) {
    return aptGet("install", "--no-install-recommends", "--no-upgrade", "--", exactly(name));
  }

  @Override
  public List<String> uninstall(PackageName name) {
    return List.of("dpkg", "--remove", name.text());
  }

  @Override
  public List<String> upgrade(PackageName name) {
    return aptGet("install", "--no-install-recommends", "--only-upgrade", "--", exactly(name));
  }

  /** Else an index that cannot be reached is told as a success. */
  @Override
  public List<String> updateIndex() {
    return aptGet("-o", "APT::Update::Error-Mode=any", "update");
  }

  @Override
  public List<String> listOutdated() {
    return List.of("apt-get", "-qq", "--simulate", "-o", "Debug::NoLocking=true", "upgrade");
  }

  @Override
  public Optional<PackageState> outdated(String line) {
    return OUTDATED.read(line);
  }

  @Override
  public List<String> listInstalled() {
    return List.of(
        "dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package} ${Version}\\n");
  }

  @Override
  public Optional<PackageState> installed(String line) {
    return INSTALLED.read(line);
  }

  @Override
  public Optional<List<String>> queryCandidate(PackageName name) {
    return Optional.of(List.of("apt-cache", "policy", "--", exactly(name)));
  }

  @Override
  public boolean isWithoutCandidate(String line) {
    return line.strip().equals("Candidate: (none)");
  }

  @Override
  public Optional<List<String>> repair() {
    return Optional.of(List.of("dpkg", "--force-confdef,confold", "--configure", "--pending"));
  }

  @Override
  public FailureCode failure(String said) {
    return FailureSign.first(SIGNS, said);
  }

  private static String exactly(PackageName name) {
    return name.text() + ":native";
  }

  /** Without a terminal of its own dpkg stays in apt's group of processes, and ends with it. */
  private static List<String> aptGet(String... words) {
    var always =
        Stream.of(
            "apt-get",
            "-q",
            "--assume-yes",
            "--no-remove",
            "-o",
            "APT::Cmd::Pattern-Only=true",
            "-o",
            "APT::Get::AllowUnauthenticated=false",
            "-o",
            "DPkg::Lock::Timeout=60",
            "-o",
            "Dpkg::Use-Pty=false",
            "-o",
            "Dpkg::Options::=--force-confdef",
            "-o",
            "Dpkg::Options::=--force-confold");
    return Stream.concat(always, Stream.of(words)).toList();
  }
}
