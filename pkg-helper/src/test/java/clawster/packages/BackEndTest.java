package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What package managers are told, and what they say. */
final class BackEndTest {

  private static final Apt APT = new Apt();
  private static final Apk APK = new Apk();
  private static final PackageName GXX = new PackageName(APT.names(), "g++");
  private static final PackageName PY = new PackageName(APK.names(), "py3-pip");

  @Test
  void aptIsToldExactly() {
    assertEquals(
        "apt-get -q --assume-yes --no-remove -o APT::Cmd::Pattern-Only=true"
            + " -o APT::Get::AllowUnauthenticated=false -o DPkg::Lock::Timeout=60"
            + " -o Dpkg::Use-Pty=false -o Dpkg::Options::=--force-confdef"
            + " -o Dpkg::Options::=--force-confold"
            + " install --no-install-recommends --no-upgrade -- g++:native",
        String.join(" ", APT.install(GXX)));
    assertEquals("dpkg --remove g++", String.join(" ", APT.uninstall(GXX)));
  }

  @Test
  void apkIsToldExactly() {
    assertEquals(
        "apk --no-progress --wait 60 add --no-cache py3-pip", String.join(" ", APK.install(PY)));
    assertEquals(
        "apk --no-progress --wait 60 del --no-cache py3-pip", String.join(" ", APK.uninstall(PY)));
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
        "Err:1 http://x Temporary failure resolving 'x' E: Failed to fetch | NETWORK",
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
        "ERROR: unable to select packages: a-1: breaks: b-2 | CONFLICT",
        "something else | SYSTEM_ERROR"
      })
  void whyApkFailed(String said, FailureCode code) {
    assertEquals(code, APK.failure(said));
  }

  @Test
  void whatAptHasIsRead() {
    assertEquals(Optional.of("4:12.2.0-3"), APT.version(GXX, "installed 4:12.2.0-3"));
    assertEquals(Optional.empty(), APT.version(GXX, "config-files 4:12.2.0-3"));
    assertEquals(
        Optional.of(new PackageState("bash", Optional.of("5.2-2"), Optional.of("5.2-3"))),
        APT.outdated("Inst bash [5.2-2] (5.2-3 Debian:12.15/oldstable [amd64])"));
    assertEquals(Optional.empty(), APT.outdated("Conf bash (5.2-3 Debian [amd64])"));
    assertEquals(Optional.empty(), APT.outdated("Inst new (1.0 Debian [amd64])"));
  }

  @Test
  void whatApkHasIsRead() {
    assertEquals(
        Optional.of("24.0-r2"),
        APK.version(PY, "py3-pip-24.0-r2 x86_64 {py3-pip} (MIT) [installed]"));
    assertEquals(Optional.empty(), APK.version(PY, "py3-pip-pyc-24.0-r2 x86_64 {py3-pip} (MIT)"));
    assertEquals(
        Optional.empty(),
        APK.version(new PackageName(APK.names(), "py3"), "py3-3d-1.0-r0 x86_64 {x} (MIT)"));
    assertEquals(
        Optional.of(new PackageState("py3-pip", Optional.of("24.0-r1"), Optional.of("24.0-r2"))),
        APK.outdated("py3-pip-24.0-r1        < 24.0-r2 "));
    assertEquals(Optional.empty(), APK.outdated("Installed:      Available:"));
  }
}
