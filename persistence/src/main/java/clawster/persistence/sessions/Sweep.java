package clawster.persistence.sessions;

import clawster.persistence.database.Database;
import clawster.persistence.database.DatabaseAway;
import clawster.persistence.runs.RunLogDays;
import clawster.runtime.sessions.RequestClaims;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/**
 * Takes away what has had its time: stateless calls a day after they ended, deleted sessions'
 * journals, old run logs, notes of settled runs, payloads that have long arrived and claims. Safe
 * on several nodes at once; every statement is bounded.
 */
public final class Sweep {

  private static final int RUN_LOG_DAYS = 7;

  private static final int AT_ONCE = 1_000;

  private static final String STATELESS =
      """
      with done as (
        select id, 'session|' || id::text as journal from session
        where not kept and updated < clock_timestamp() - interval '24 hours'
          and not exists (
            select from session_run r where r.session = session.id and not r.settled)
        limit ?
      ), events as (
        delete from event_journal using done where persistence_id = done.journal
      ), snapshots as (
        delete from snapshot using done where persistence_id = done.journal
      ), runs as (
        delete from session_run using done where session_run.session = done.id
      )
      delete from session using done where session.id = done.id
      """;

  /** The last event of a deleted session stays: it holds the place in the sequence. */
  private static final String DELETED =
      """
      with done as (
        select 'session|' || id::text as journal, revision from session
        where gone and updated < clock_timestamp() - interval '1 hour'
          and exists (
            select from event_journal
            where persistence_id = 'session|' || id::text and sequence_number < revision)
        limit ?
      ), snapshots as (
        delete from snapshot using done
        where persistence_id = done.journal and sequence_number < done.revision
      )
      delete from event_journal using done
      where persistence_id = done.journal and sequence_number < done.revision
      """;

  private static final String SETTLED =
      """
      delete from session_run where run in (
        select run from session_run
        where settled and since < clock_timestamp() - interval '%d days' limit ?)
      """
          .formatted(RUN_LOG_DAYS);

  private static final String PAYLOADS =
      """
      delete from payload where id in (
        select id from payload where stored < clock_timestamp() - interval '1 hour' limit ?)
      """;

  private static final String CLAIMS =
      """
      delete from request_claim where (principal, key) in (
        select principal, key from request_claim
        where since < clock_timestamp() - interval '%d seconds' limit ?)
      """
          .formatted(RequestClaims.KEPT.toSeconds());

  private final Database database;

  public Sweep(Database database) {
    this.database = database;
  }

  /** Makes room for today's runs; without it no run can be written. */
  public void prepare() {
    try (var connection = database.connect()) {
      keepDays(connection);
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  /** One round; call it hourly. Returns how many rows went. */
  public int round() {
    try (var connection = database.connect()) {
      keepDays(connection);
      int gone = 0;
      for (var sql : List.of(STATELESS, DELETED, SETTLED, PAYLOADS, CLAIMS)) {
        gone += drain(connection, sql);
      }
      return gone;
    } catch (SQLException e) {
      throw new DatabaseAway(e);
    }
  }

  private static void keepDays(Connection connection) throws SQLException {
    new RunLogDays(RUN_LOG_DAYS).keep(connection, today(connection));
  }

  /** By the database's clock: a node whose clock is wrong must not drop everybody's logs. */
  private static LocalDate today(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery("select (clock_timestamp() at time zone 'UTC')::date")) {
      result.next();
      return result.getObject(1, LocalDate.class);
    }
  }

  private static int drain(Connection connection, String sql) throws SQLException {
    int gone = 0;
    for (int rounds = 0; rounds < 100; rounds++) {
      try (var statement = connection.prepareStatement(sql)) {
        statement.setInt(1, AT_ONCE);
        int now = statement.executeUpdate();
        gone += now;
        if (now < AT_ONCE) {
          break;
        }
      }
    }
    return gone;
  }
}
