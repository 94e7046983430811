package clawster.persistence.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.postgres.DatabaseAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
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
    try (var connection =
            Database.connect(
                new DatabaseAddress(url, address.user(), address.password()),
                Duration.ofSeconds(3));
        var statement = connection.createStatement()) {
      for (var setting : expected.entrySet()) {
        try (var result = statement.executeQuery("show " + setting.getKey())) {
          result.next();
          assertEquals(setting.getValue(), result.getString(1), setting.getKey());
        }
      }
    }
  }
}
