package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a node's files is known before it calls anybody. */
final class CredentialsTest {

  @TempDir private static Path directory;

  private static CertificateAuthority authority;
  private static TlsFiles good;

  @BeforeAll
  static void certify() {
    authority = CertificateAuthority.in(directory);
    good = authority.issue("good", "127.0.0.1", "+0d", 2);
  }

  private static String refusal(TlsFiles files, String host) {
    return assertThrows(StartRefused.class, () -> Credentials.read(files, host)).getMessage();
  }

  private static void assertSaid(String wanted, String said) {
    assertTrue(said.contains(wanted), said);
    assertFalse(said.contains("PRIVATE"), said);
  }

  @Test
  void whatTheAuthoritySignedForThisHostIsGood() {
    assertEquals("Credentials[127.0.0.1]", Credentials.read(good, "127.0.0.1").toString());
  }

  @Test
  void anotherHostIsNamed() {
    assertSaid("CLAWSTER_CLUSTER_HOST node-9", refusal(good, "node-9"));
  }

  @Test
  void anExpiredCertificateIsSaidToBe() {
    var expired = authority.issue("expired", "127.0.0.1", "-10d", 5);
    assertSaid(
        "CLAWSTER_CLUSTER_TLS_CERT: " + expired.certificate() + " has expired",
        refusal(expired, "127.0.0.1"));
  }

  @Test
  void anotherAuthorityIsNotBelieved() {
    var other =
        CertificateAuthority.in(directory.resolve("other")).issue("n", "127.0.0.1", "+0d", 2);
    var mixed = new TlsFiles(other.certificate(), other.key(), good.authority());
    assertSaid("CLAWSTER_CLUSTER_TLS_CA", refusal(mixed, "127.0.0.1"));
  }

  @Test
  void aKeyOfAnotherCertificateIsFound() {
    var other = authority.issue("second", "127.0.0.1", "+0d", 2);
    var mixed = new TlsFiles(good.certificate(), other.key(), good.authority());
    assertSaid("is not the key of CLAWSTER_CLUSTER_TLS_CERT", refusal(mixed, "127.0.0.1"));
  }

  @Test
  void filesThatAreMissingOrSomethingElseNameTheirSetting() throws IOException {
    var nothing = directory.resolve("nothing");
    var text = Files.writeString(directory.resolve("text"), "hello");
    for (var wrong : new Path[] {nothing, text}) {
      assertSaid(
          TlsFiles.CERTIFICATE,
          refusal(new TlsFiles(wrong, good.key(), good.authority()), "127.0.0.1"));
      assertSaid(
          TlsFiles.KEY,
          refusal(new TlsFiles(good.certificate(), wrong, good.authority()), "127.0.0.1"));
      assertSaid(
          TlsFiles.AUTHORITY,
          refusal(new TlsFiles(good.certificate(), good.key(), wrong), "127.0.0.1"));
    }
  }

  @Test
  void keysAreTheirOwnersAlone() throws IOException {
    for (var secret : new String[] {"good.key", "authority.p12"}) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(secret))));
    }
  }

  @Test
  void anAuthorityThatIsThereIsUsedAgain() throws IOException {
    var before = Files.readString(good.authority());
    CertificateAuthority.in(directory);
    assertEquals(before, Files.readString(good.authority()));
  }
}
