package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.members.Member;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in where a node listens for others; real sockets, and Pekko's remoting behind them. */
@Timeout(60)
final class TlsEnginesTest {

  private static final String HOST = "127.0.0.1";

  /** Longer than a node needs to find fault. */
  private static final int SILENCE_MILLIS = 1_000;

  private static final int PATIENCE_MILLIS = 15_000;

  @TempDir private static Path directory;

  private static CertificateAuthority authority;
  private static TlsFiles files;
  private static X509Certificate believed;
  private static ActorSystem<Void> system;
  private static int port;

  @BeforeAll
  static void listen() {
    authority = CertificateAuthority.in(directory);
    files = authority.issue("node", HOST, "+0d", 2);
    believed = Credentials.load(files).authority().getFirst();
    var engines =
        TlsEngines.create(
            files, HOST, () -> CompletableFuture.completedStage(List.of(HOST + ":1")));
    var settings =
        new ClusterSettings(
            new NodeAddress(HOST, 0),
            Optional.empty(),
            Optional.of(files),
            ClusterSettings.Timings.SAFE);
    var config =
        ConfigFactory.load(
            ConfigFactory.parseMap(settings.remoting())
                .withFallback(ConfigFactory.parseResources(settings.timings().resource()))
                .withFallback(ConfigFactory.defaultApplication()));
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "clawster",
            ActorSystemSetup.create(
                BootstrapSetup.create(config), SSLEngineProviderSetup.create(_ -> engines)));
    port = (Integer) Cluster.get(system).selfMember().address().port().get();
  }

  @AfterAll
  static void end() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static SSLSocket dial(SSLContext context) throws IOException {
    return (SSLSocket) context.getSocketFactory().createSocket(HOST, port);
  }

  private static void assertIsNotLetIn(SSLContext context) throws IOException {
    try (var socket = dial(context)) {
      assertFalse(saysNothing(socket, PATIENCE_MILLIS));
    }
  }

  /** Whether the node leaves the connection open after our first bytes. */
  private static boolean saysNothing(Socket socket, int forMillis) {
    try {
      socket.setSoTimeout(forMillis);
      socket.getOutputStream().write(new byte[] {'A', 'K', 'K', 'A', 1});
      socket.getOutputStream().flush();
      while (socket.getInputStream().read() >= 0) {}
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static SSLContext with(TlsFiles files) {
    return Credentials.load(files).context();
  }

  /** Believes the cluster's authority, and has nothing to show. */
  private static SSLContext withoutCertificate() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", believed);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void aNodeOfTheClusterIsLetIn() throws Exception {
    try (var socket = dial(with(files))) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.startHandshake();
      assertTrue(saysNothing(socket, SILENCE_MILLIS));
    }
  }

  @Test
  void plainTextIsNot() throws Exception {
    try (var socket = new Socket(HOST, port)) {
      assertFalse(saysNothing(socket, PATIENCE_MILLIS));
    }
  }

  @Test
  void whoShowsNoCertificateIsNot() throws Exception {
    assertIsNotLetIn(withoutCertificate());
  }

  @Test
  void anotherAuthoritysNodeIsNot() throws Exception {
    var other = CertificateAuthority.in(directory.resolve("other")).issue("node", HOST, "+0d", 2);
    var believing = new TlsFiles(other.certificate(), other.key(), files.authority());
    assertIsNotLetIn(with(believing));
  }

  @Test
  void aCertificateForAHostWhereNoNodeIsIsNot() throws Exception {
    assertIsNotLetIn(with(authority.issue("elsewhere", "elsewhere.example", "+0d", 2)));
  }

  @Test
  void anExpiredCertificateIsNot() throws Exception {
    assertIsNotLetIn(with(authority.issue("expired", HOST, "-10d", 5)));
  }

  @Test
  void anOlderTlsIsNot() throws Exception {
    try (var socket = dial(with(files))) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertFalse(saysNothing(socket, PATIENCE_MILLIS));
    }
  }

  private static Optional<String> refusal(TlsFiles files, String host) {
    var engines =
        TlsEngines.create(files, host, () -> CompletableFuture.completedStage(List.<String>of()));
    return engines.refusalOf(
        new Member(1, "node-1", host + ":" + port, 1, "", Member.State.UP, true));
  }

  @Test
  void whoCallsKnowsBeforehandWhetherItIsLetIn() {
    assertEquals(Optional.empty(), refusal(files, HOST));
    var other = CertificateAuthority.in(directory.resolve("third")).issue("node", HOST, "+0d", 2);
    assertTrue(refusal(other, HOST).orElse("").contains("not one to believe"));
  }

  /** The node's certificate is for its address, not for this name of it. */
  @Test
  void whoCallsWantsACertificateForTheHostItCalls() {
    var local = authority.issue("local", "localhost", "+0d", 2);
    assertTrue(refusal(local, "localhost").orElse("").contains("localhost"));
  }

  @Test
  void aRenewedCertificateIsShownWithoutARestart() throws Exception {
    var before = shown();
    var next = authority.issue("next", HOST, "+0d", 3);
    Files.move(next.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(next.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
    assertNotEquals(before, shown());
    Files.writeString(files.certificate(), "torn");
    Files.setLastModifiedTime(files.certificate(), FileTime.from(Instant.EPOCH));
    try {
      assertNotEquals(before, shown());
    } finally {
      files = authority.issue("node", HOST, "+0d", 2);
    }
  }

  /** The serial number of the certificate the node shows. */
  private static Object shown() throws Exception {
    try (var socket = dial(withoutCertificate())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }
}
