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
 * Alpine's. Its argument is a dependency: {@code !NAME} forbids one, {@code @tag} pins, {@code <},
 * {@code =}, {@code >} and {@code ~} choose versions, a leading dot makes it virtual; and whatever
 * contains {@code .apk} is read as a file. None of that is in a name. Removing one leaves what
 * others need.
 */
public record Apk() implements BackEnd {

  private static final NameRule NAMES = NameRule.of("[a-zA-Z0-9][a-zA-Z0-9+._-]*+(?<!-)", ".apk");

  private static final String NAME_AND_VERSION =
      "(?<name>[^ <]{1,200})-(?<installed>\\d[^ -]{0,100}-r\\d{1,9})";

  private static final StateLine OUTDATED =
      StateLine.of(NAME_AND_VERSION + " +< +(?<available>[^ ]{1,200}) *");

  /** {@code NAME-VERSION ARCH {ORIGIN} (LICENSE) [installed]}. */
  private static final StateLine INSTALLED = StateLine.of(NAME_AND_VERSION + " .*\\[installed]");

  private static final List<FailureSign> SIGNS =
      List.of(
          new FailureSign("Unable to lock database", LOCKED),
          new FailureSign("No space left on device", DISK_FULL),
          // Whoever reaches no index says of every package that there is none.
          new FailureSign("temporary error (try again later)", NETWORK),
          new FailureSign("transient error (try again later)", NETWORK),
          new FailureSign("DNS lookup error", NETWORK),
          new FailureSign("network error", NETWORK),
          new FailureSign("could not connect", NETWORK),
          new FailureSign("remote server returned error", NETWORK),
          new FailureSign("timed out", NETWORK),
          new FailureSign("Permission denied", PERMISSION),
          new FailureSign("(no such package)", NOT_FOUND),
          new FailureSign("package mentioned in index not found", NOT_FOUND),
          new FailureSign("HTTP 404", NOT_FOUND),
          new FailureSign("breaks:", CONFLICT),
          new FailureSign("conflicts:", CONFLICT));

  @Override
  public String title() {
    return "apk";
  }

  @Override
  public NameRule names() {
    return NAMES;
  }

  @Override
  public List<String> programs() {
    return List.of("apk");
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("LC_ALL", "C.UTF-8", "HOME", "/");
  }

  @Override
  public List<String> install(PackageName name) {
    return apk("add", "--no-cache", name.text());
  }

  @Override
  public List<String> uninstall(PackageName name) {
    return apk("del", "--no-cache", name.text());
  }

  @Override
  public List<String> upgrade(PackageName name) {
    return apk("add", "--no-cache", "--upgrade", name.text());
  }

  @Override
  public List<String> updateIndex() {
    return apk("update");
  }

  @Override
  public List<String> listOutdated() {
    return List.of("apk", "version", "-l", "<");
  }

  @Override
  public Optional<PackageState> outdated(String line) {
    return OUTDATED.read(line);
  }

  @Override
  public List<String> listInstalled() {
    return List.of("apk", "list", "--installed");
  }

  @Override
  public Optional<PackageState> installed(String line) {
    return INSTALLED.read(line);
  }

  @Override
  public Optional<List<String>> queryCandidate(PackageName name) {
    return Optional.empty();
  }

  @Override
  public boolean isWithoutCandidate(String line) {
    return false;
  }

  @Override
  public Optional<List<String>> repair() {
    return Optional.empty();
  }

  @Override
  public FailureCode failure(String said) {
    return FailureSign.first(SIGNS, said);
  }

  private static List<String> apk(String... words) {
    return Stream.concat(Stream.of("apk", "--no-progress", "--wait", "60"), Stream.of(words))
        .toList();
  }
}
