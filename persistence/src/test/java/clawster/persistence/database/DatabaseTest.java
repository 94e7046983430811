package clawster.persistence.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.postgres.DatabaseAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DatabaseTest {

  @Test
  void aServerThatIsNotOursNoticesVanishedClientsToo() throws SQLException {
    var address = TestDatabase.empty("vanished");
    TestDatabase.execute(address, "alter database vanished set tcp_keepalives_idle = 7200");
    TestDatabase.execute(address, "alter database vanished set tcp_keepalives_interval = 75");
    TestDatabase.execute(address, "alter database vanished set tcp_keepalives_count = 9");
    var separator = address.jdbcUrl().contains("?") ? "&" : "?";
    var url = address.jdbcUrl() + separator + "options=-c%20work_mem=7MB";
    var expected =
        Map.of(
            "tcp_keepalives_idle", "5",
            "tcp_keepalives_interval", "2",
            "tcp_keepalives_count", "3",
            "tcp_user_timeout", "11000",
            "work_mem", "7MB");
    var ours = new DatabaseAddress(url, address.user(), address.password());
    try (var connection = Database.connect(ours, Duration.ofSeconds(3));
        var database = new Database(ours)) {
      assertEquals(expected, shown(connection, expected.keySet()));
      assertEquals(
          expected,
          database.ask(pooled -> shown(pooled, expected.keySet())).toCompletableFuture().join());
    }
  }

  @Test
  void aTransactionThatIsLeftOnThePoolEndsByItself() {
    var settings = Set.of("idle_in_transaction_session_timeout", "default_transaction_isolation");
    try (var database = new Database(TestDatabase.empty("left_open"))) {
      assertEquals(
          Map.of(
              "idle_in_transaction_session_timeout", "15s",
              "default_transaction_isolation", "read committed"),
          database.ask(pooled -> shown(pooled, settings)).toCompletableFuture().join());
    }
  }

  private static Map<String, String> shown(Connection connection, Set<String> settings)
      throws SQLException {
    var shown = new HashMap<String, String>();
    try (var statement = connection.createStatement()) {
      for (var setting : settings) {
        try (var result = statement.executeQuery("show " + setting)) {
          result.next();
          shown.put(setting, result.getString(1));
        }
      }
    }
    return shown;
  }
}
