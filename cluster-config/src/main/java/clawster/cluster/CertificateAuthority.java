package clawster.cluster;

import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Signs the certificates of one cluster's nodes, with the JDK's own keytool. It lives in a
 * directory: who may write {@code authority.p12} there can make nodes.
 */
public final class CertificateAuthority {

  private static final String AUTHORITY = "authority";
  private static final String NODE = "node";

  /** The file's permissions protect it; a password beside it would not. */
  private static final String PASSWORD = "clawster";

  private static final int AUTHORITY_DAYS = 3650;
  private static final int PATIENCE_SECONDS = 60;

  private final Path directory;

  private CertificateAuthority(Path directory) {
    this.directory = directory;
  }

  /** The directory's authority; a new one if it has none. */
  public static CertificateAuthority in(Path directory) {
    var authority = new CertificateAuthority(directory);
    try {
      Files.createDirectories(directory);
      if (!Files.exists(authority.store())) {
        authority.begin();
      }
      authority.write("ca.pem", pem(keys(authority.store()).getCertificate(AUTHORITY)));
      return authority;
    } catch (IOException | GeneralSecurityException e) {
      throw cannot(e);
    }
  }

  private void begin() throws IOException {
    try (var draft = new Draft(directory)) {
      draft.keytool(
          "-genkeypair -alias %s -keyalg EC -groupname secp256r1 -validity %d"
              .formatted(AUTHORITY, AUTHORITY_DAYS),
          "-dname",
          "CN=Clawster cluster authority",
          "-ext",
          "bc:critical=ca:true,pathlen:0",
          "-ext",
          "ku:critical=keyCertSign,cRLSign");
      Files.setPosixFilePermissions(draft.store(), PosixFilePermissions.fromString("rw-------"));
      Files.move(draft.store(), store(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static StartRefused cannot(Exception why) {
    return new StartRefused("certificates cannot be made: " + why.getMessage());
  }

  /**
   * Makes {@code NAME.pem} and {@code NAME.key}.
   *
   * @param host a name, an address, or {@code *.} and a name
   * @param start when it begins to be valid, as keytool writes it: {@code -400d}, {@code +0d}
   */
  public TlsFiles issue(String name, String host, String start, int days) {
    try (var draft = new Draft(directory)) {
      draft.copy(store());
      var kind = CertificateNames.isAddress(host) ? "ip:" : "dns:";
      draft.keytool(
          "-genkeypair -alias %s -keyalg EC -groupname secp256r1 -signer %s -validity %d"
              .formatted(NODE, AUTHORITY, days),
          "-startdate",
          start,
          "-dname",
          "CN=Clawster node",
          "-ext",
          "san=" + kind + host,
          "-ext",
          "ku:critical=digitalSignature",
          "-ext",
          "eku=serverAuth,clientAuth");
      var keys = keys(draft.store());
      var key = keys.getKey(NODE, PASSWORD.toCharArray());
      write(name + ".key", pem("PRIVATE KEY", key.getEncoded()));
      write(name + ".pem", pem(keys.getCertificate(NODE)));
      return new TlsFiles(
          directory.resolve(name + ".pem"),
          directory.resolve(name + ".key"),
          directory.resolve("ca.pem"));
    } catch (IOException | GeneralSecurityException e) {
      throw cannot(e);
    }
  }

  private Path store() {
    return directory.resolve(AUTHORITY + ".p12");
  }

  private static KeyStore keys(Path store) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(store)) {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      return keys;
    }
  }

  /** A store to work on, in a directory of its own: whatever ends us, the real one stays whole. */
  private static final class Draft implements AutoCloseable {

    private final Path directory;

    Draft(Path beside) throws IOException {
      directory = Files.createTempDirectory(beside, "draft-");
    }

    Path store() {
      return directory.resolve("draft.p12");
    }

    /** Without a node's key that an earlier version may have left there. */
    void copy(Path authority) throws IOException, GeneralSecurityException {
      var keys = keys(authority);
      keys.deleteEntry(NODE);
      try (var out = Files.newOutputStream(store())) {
        keys.store(out, PASSWORD.toCharArray());
      }
    }

    void keytool(String words, String... more) throws IOException {
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
      command.addAll(List.of(words.split(" ")));
      command.addAll(List.of(more));
      command.addAll(List.of("-storetype", "PKCS12", "-keystore", store().toString()));
      command.addAll(List.of("-storepass", PASSWORD));
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new IOException("keytool says " + said.strip());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(store());
      Files.delete(directory);
    }
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  private static String pem(String what, byte[] bytes) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, lines);
  }

  /** Keys are their owner's alone from the first byte on. */
  private void write(String name, String text) throws IOException {
    var mode = PosixFilePermissions.fromString(name.endsWith(".key") ? "rw-------" : "rw-r--r--");
    var draft =
        Files.createTempFile(directory, name, ".tmp", PosixFilePermissions.asFileAttribute(mode));
    Files.writeString(draft, text);
    Files.move(
        draft,
        directory.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }
}
