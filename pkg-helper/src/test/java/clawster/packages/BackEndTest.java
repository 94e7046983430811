package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What package managers are told, and what they say. */
final class BackEndTest {

  private static final Apt APT = new Apt();
  private static final Apk APK = new Apk();
  private static final PackageName GXX = new PackageName(APT.names(), "g++");
  private static final PackageName PY = new PackageName(APK.names(), "py3-pip");

  private static final String APT_GET =
      "apt-get -q --assume-yes --no-remove -o APT::Cmd::Pattern-Only=true"
          + " -o APT::Get::AllowUnauthenticated=false -o DPkg::Lock::Timeout=60"
          + " -o Dpkg::Use-Pty=false -o Dpkg::Options::=--force-confdef"
          + " -o Dpkg::Options::=--force-confold ";
  private static final String APK_WAITING = "apk --no-progress --wait 60 ";

  static Stream<Arguments> commands() {
    return Stream.of(
        arguments(
            APT_GET + "install --no-install-recommends --no-upgrade -- g++:native",
            APT.install(GXX)),
        arguments(
            APT_GET + "install --no-install-recommends --only-upgrade -- g++:native",
            APT.upgrade(GXX)),
        arguments(APT_GET + "-o APT::Update::Error-Mode=any update", APT.updateIndex()),
        arguments("dpkg --remove g++", APT.uninstall(GXX)),
        arguments(
            "dpkg-query --show --showformat=${db:Status-Status} ${Package} ${Version}\\n",
            APT.listInstalled()),
        arguments("apt-cache policy -- g++:native", APT.queryCandidate(GXX).orElseThrow()),
        arguments(APK_WAITING + "add --no-cache py3-pip", APK.install(PY)),
        arguments(APK_WAITING + "add --no-cache --upgrade py3-pip", APK.upgrade(PY)),
        arguments(APK_WAITING + "del --no-cache py3-pip", APK.uninstall(PY)),
        arguments("apk list --installed", APK.listInstalled()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void managersAreToldExactly(String expected, List<String> command) {
    assertEquals(expected, String.join(" ", command));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "E: Unable to locate package x:native | NOT_FOUND",
        "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt) | LOCKED",
        "dpkg: error: dpkg frontend lock was locked by another process with pid 1 | LOCKED",
        "E: You don't have enough free space in /var/cache/apt/archives/. | DISK_FULL",
        "dpkg: error writing to '<standard output>': No space left on device | DISK_FULL",
        "E: Packages need to be removed but remove is disabled. | CONFLICT",
        "dpkg: dependency problems prevent removal of libssl3 | CONFLICT",
        "dpkg: error: this is an essential package; it should not be removed | PERMISSION",
        "E: Failed to fetch http://x/hello_2.10-3.deb  404  Not Found [IP: ::1 80] | NOT_FOUND",
        "E: Failed to fetch http://x/hello_2.10-3.deb  404  File not found | NOT_FOUND",
        "E: Failed to fetch http://x/hello_404.deb  503  Service Unavailable | NETWORK",
        "Err:1 http://x Temporary failure resolving 'x' E: Failed to fetch | NETWORK",
        "E: Failed to fetch http://x/InRelease  Temporary failure resolving 'x' E: Some index files"
            + " failed to download. They have been ignored, or old ones used instead. | NETWORK",
        "Err:1 http://x noble InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). E: Some"
            + " index files failed to download. | NETWORK",
        "E: Failed to fetch http://x/InRelease  403  Forbidden [IP: ::1 80] E: The repository is"
            + " not signed. | NETWORK",
        "something else | SYSTEM_ERROR"
      })
  void whyAptFailed(String said, FailureCode code) {
    assertEquals(code, APT.failure(said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ERROR: unable to select packages: x (no such package): | NOT_FOUND",
        "ERROR: Unable to lock database: Resource temporarily unavailable | LOCKED",
        "ERROR: Failed to create usr/bin/x: No space left on device | DISK_FULL",
        "WARNING: fetching x: temporary error (try again later) | NETWORK",
        "WARNING: fetching x: temporary error (try again later) ERROR: unable to select packages: x"
            + " (no such package): | NETWORK",
        "WARNING: fetching x: DNS lookup error ERROR: unable to select packages: x (no such"
            + " package): | NETWORK",
        "WARNING: fetching x: remote server returned error (try 'apk update') x (no such package):"
            + " | NETWORK",
        "WARNING: fetching x: Permission denied ERROR: unable to select packages: x (no such"
            + " package): | PERMISSION",
        "ERROR: x-1-r0: package mentioned in index not found (try 'apk update') | NOT_FOUND",
        "ERROR: x-1-r0: HTTP 404: Not Found | NOT_FOUND",
        "ERROR: unable to select packages: a-1: breaks: b-2 | CONFLICT",
        "something else | SYSTEM_ERROR"
      })
  void whyApkFailed(String said, FailureCode code) {
    assertEquals(code, APK.failure(said));
  }

  private static PackageState state(String name, String installed, String... available) {
    return new PackageState(name, Optional.of(installed), Stream.of(available).findFirst());
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        arguments(APT.installed("installed g++ 4:12.2.0-3"), state("g++", "4:12.2.0-3")),
        arguments(
            APT.outdated("Inst bash [5.2-2] (5.2-3 Debian:12.15/oldstable [amd64])"),
            state("bash", "5.2-2", "5.2-3")),
        arguments(
            APK.installed("py3-pip-24.0-r2 x86_64 {py3-pip} (MIT) [installed]"),
            state("py3-pip", "24.0-r2")),
        arguments(
            APK.installed("py3-3d-1.0_git1-r0 x86_64 {x} (A-2-r1 OR B) [installed]"),
            state("py3-3d", "1.0_git1-r0")),
        arguments(
            APK.outdated("py3-pip-24.0-r1        < 24.0-r2 "),
            state("py3-pip", "24.0-r1", "24.0-r2")));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void whatThereIsIsRead(Optional<PackageState> read, PackageState expected) {
    assertEquals(Optional.of(expected), read);
  }

  static Stream<Optional<PackageState>> otherLines() {
    return Stream.of(
        APT.installed("config-files g++ 4:12.2.0-3"),
        APT.installed("half-configured g++ 4:12.2.0-3"),
        APT.installed("not-installed g++ "),
        APT.installed(""),
        APT.outdated("Conf bash (5.2-3 Debian [amd64])"),
        APT.outdated("Inst new (1.0 Debian [amd64])"),
        APK.installed("py3-pip-24.0-r2 x86_64 {py3-pip} (MIT)"),
        APK.installed("py3-pip-24.0-r2 x86_64 {py3-pip} (MIT) [upgradable from: py3-pip-1-r0]"),
        APK.installed(".build-20240101.120000 noarch {.build} () [installed]"),
        APK.installed("WARNING: opening from cache: No such file or directory"),
        APK.outdated("Installed:      Available:"));
  }

  @ParameterizedTest
  @MethodSource("otherLines")
  void whatIsSaidBesidesIsNone(Optional<PackageState> read) {
    assertEquals(Optional.empty(), read);
  }
}
