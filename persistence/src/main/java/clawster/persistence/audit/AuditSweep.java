package clawster.persistence.audit;

import clawster.persistence.database.Database;
import clawster.persistence.database.DatabaseAway;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Takes away entries that have had their time, by the database's clock. Safe on several nodes at
 * once; a round is bounded.
 */
public final class AuditSweep {

  private static final int AT_ONCE = 1_000;
  private static final int MOST_TIMES = 500;

  private static final String OLD =
      """
      delete from activity where id in (
        select id from activity
        where created < clock_timestamp() - make_interval(secs => ?)
        order by created limit ?)
      """;

  private final Database database;

  public AuditSweep(Database database) {
    this.database = database;
  }

  /** One round; call it hourly. Returns how many rows went. */
  public int round(Duration kept) {
    try (var connection = database.connect();
        var statement = connection.prepareStatement(OLD)) {
      statement.setDouble(1, kept.toSeconds());
      statement.setInt(2, AT_ONCE);
      int gone = 0;
      for (int times = 0; times < MOST_TIMES; times++) {
        int now = statement.executeUpdate();
        gone += now;
        if (now < AT_ONCE) {
          break;
        }
      }
      return gone;
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }
}
