package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.persistence.postgres.StartRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateAuthorityTest {

  private static final char[] PASSWORD = "clawster".toCharArray();

  @TempDir private Path directory;

  private Path store() {
    return directory.resolve("authority.p12");
  }

  private Set<String> files() throws Exception {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void issuingDoesNotTouchTheAuthority() throws Exception {
    var authority = CertificateAuthority.in(directory);
    var before = Files.readAllBytes(store());
    authority.issue("one", "127.0.0.1", "+0d", 2);
    assertThrows(StartRefused.class, () -> authority.issue("two", "127.0.0.1", "nonsense", 2));
    assertArrayEquals(before, Files.readAllBytes(store()));
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(store()));
    assertEquals(Set.of("authority.p12", "ca.pem", "one.pem", "one.key"), files());
  }

  @Test
  void whatAKilledProcessLeftInTheStoreIsNoHindrance() throws Exception {
    CertificateAuthority.in(directory);
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD);
    }
    var chain = keys.getCertificateChain("authority");
    keys.setKeyEntry("node", keys.getKey("authority", PASSWORD), PASSWORD, chain);
    try (var out = Files.newOutputStream(store())) {
      keys.store(out, PASSWORD);
    }
    var files = CertificateAuthority.in(directory).issue("one", "127.0.0.1", "+0d", 2);
    assertEquals("Credentials[127.0.0.1]", Credentials.read(files, "127.0.0.1").toString());
  }
}
