package clawster.persistence.runs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a partition for every day that runs may be written, and drops those of days long past,
 * later where a run of that day is still owed. Days are UTC; safe on several nodes at once.
 */
public final class RunLogDays {

  /** Days ahead: a node that cannot do this for a week still writes. */
  private static final int AHEAD = 7;

  /** Nothing keeps a day for longer. */
  private static final int MAX_DAYS = 30;

  private static final int LOCK = 1_879_002;

  private static final String PREFIX = "run_log_";

  private final int retentionDays;

  public RunLogDays(int retentionDays) {
    this.retentionDays = retentionDays;
  }

  public void keep(Connection connection, LocalDate today) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("set local lock_timeout = '5s'");
      statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
      for (var day = today.minusDays(1);
          !day.isAfter(today.plusDays(AHEAD));
          day = day.plusDays(1)) {
        statement.execute(creation(day));
      }
      for (var day : before(connection, today.minusDays(retentionDays))) {
        if (day.isBefore(today.minusDays(MAX_DAYS)) || !owes(connection, day)) {
          statement.execute("drop table " + name(day));
        }
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static String creation(LocalDate day) {
    return "create table if not exists %s partition of run_log for values from ('%s') to ('%s')"
        .formatted(name(day), firstRun(day), firstRun(day.plusDays(1)));
  }

  private static String name(LocalDate day) {
    return PREFIX + day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  /** The least version 7 uuid of a day: 48 bits of milliseconds, then nothing. */
  static String firstRun(LocalDate day) {
    var millis =
        String.format("%012x", day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
    return millis.substring(0, 8) + "-" + millis.substring(8) + "-0000-0000-000000000000";
  }

  private static boolean owes(Connection connection, LocalDate day) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select exists (
              select from session_run
              where not settled and run >= ?::uuid and run < ?::uuid)
            """)) {
      statement.setString(1, firstRun(day));
      statement.setString(2, firstRun(day.plusDays(1)));
      try (var result = statement.executeQuery()) {
        result.next();
        return result.getBoolean(1);
      }
    }
  }

  private static List<LocalDate> before(Connection connection, LocalDate day) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'run_log'::regclass and c.relname < ?
            """)) {
      statement.setString(1, name(day));
      var days = new ArrayList<LocalDate>();
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          var date = result.getString(1).substring(PREFIX.length());
          days.add(LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE));
        }
      }
      return days;
    }
  }
}
