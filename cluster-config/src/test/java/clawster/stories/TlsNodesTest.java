package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.cluster.CertificateAuthority;
import clawster.cluster.TlsFiles;
import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that speak TLS to each other, and who cannot be one of them. */
@Tag("faults")
@Timeout(180)
final class TlsNodesTest {

  private Path data;
  private Path certificates;
  private Program first;
  private Caller caller;

  @BeforeEach
  void begin() throws IOException {
    data = DataDirectories.make("clawster-tls-");
    certificates = Files.createTempDirectory("clawster-certificates-");
    var ended =
        Program.run(
            "certificates", "--hosts", "127.0.0.1,localhost", "--out", certificates.toString());
    assertEquals(0, ended.code(), ended.said());
    first = node(1, "127.0.0.1", certificates, Map.of());
    caller = Caller.of(first.address(), "");
  }

  @AfterEach
  void end() throws IOException {
    first.close();
    DataDirectories.delete(data);
    DataDirectories.delete(certificates);
  }

  private Program node(int number, String host, Path certificates, Map<String, String> more) {
    var environment = new HashMap<>(more);
    environment.put("CLAWSTER_CLUSTER_HOST", host);
    environment.put(TlsFiles.CERTIFICATE, certificates.resolve(host + ".pem").toString());
    environment.put(TlsFiles.KEY, certificates.resolve(host + ".key").toString());
    environment.put(TlsFiles.AUTHORITY, certificates.resolve("ca.pem").toString());
    return Program.start(
        environment,
        "up",
        "--port",
        "0",
        "--node",
        String.valueOf(number),
        "--data",
        data.toString());
  }

  private static void assertEndsSaying(String wanted, Program program) {
    try (program) {
      var ended = program.end();
      assertEquals(1, ended.code(), ended.said());
      assertTrue(ended.said().contains(wanted), ended.said());
    }
  }

  private int members() {
    return caller.get("/v1/cluster").good().at("/members").size();
  }

  private int starting() throws SQLException {
    // A node of this directory for as long as it looks.
    try (var _ = DataDirectory.claim(data, 9)) {
      var address = EmbeddedPostgres.ensure(data, _ -> {});
      try (var connection =
              DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
          var rows =
              connection
                  .createStatement()
                  .executeQuery("select count(*) from member where state = 'starting'")) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Test
  void nodesWithCertificatesOfOneAuthorityAreOneCluster() throws Exception {
    try (var second = node(2, "localhost", certificates, Map.of())) {
      var other = Caller.of(second.address(), "");
      Await.until("both are members", () -> members() == 2);
      Await.until(
          "both have sessions",
          Duration.ofSeconds(30),
          () -> {
            var shards = caller.get("/v1/cluster").good().at("/members");
            for (int i = 0; i < 6; i++) {
              try (var stream = other.stream("agent:default:tls " + i, Caller.asking("Hello"))) {
                assertTrue(stream.toTheEnd().size() > 2);
              }
            }
            return shards.at("/0/shards").asInt() > 0 && shards.at("/1/shards").asInt() > 0;
          });
      for (int i = 0; i < 6; i++) {
        assertTrue(caller.session("agent:default:tls " + i).good().at("/messages").size() >= 2);
      }
    }
  }

  @Test
  void aNodeOfAnotherAuthorityIsToldWhyItCannotJoin() throws Exception {
    var foreign = Files.createTempDirectory("clawster-foreign-");
    try {
      CertificateAuthority.in(foreign).issue("127.0.0.1", "127.0.0.1", "+0d", 2);
      assertEndsSaying(
          "no member of the cluster can be joined with these certificates",
          node(2, "127.0.0.1", foreign, Map.of()));
      assertEquals(1, members());
      assertEquals(0, starting(), "it leaves nothing in the table of members");
      assertEquals(200, caller.get("/ready").status());
    } finally {
      DataDirectories.delete(foreign);
    }
  }

  @Test
  void aNodeWithOtherWorkspacesDoesNotServe() throws Exception {
    var own = data.resolve("own").toString();
    assertEndsSaying(
        own + " is not where the other nodes have their workspaces: set CLAWSTER_WORKSPACES",
        node(2, "127.0.0.1", certificates, Map.of("CLAWSTER_WORKSPACES", own)));
    Await.until("it has left again", () -> members() == 1);
    var marker = data.resolve("workspaces/.clawster-cluster");
    var moved = Files.move(marker, data.resolve("moved"));
    var missing = caller.get("/ready");
    assertEquals(503, missing.status());
    assertEquals("missing", missing.json().at("/workspaces").asText());
    Files.move(moved, marker);
    assertEquals(200, caller.get("/ready").status());
  }
}
