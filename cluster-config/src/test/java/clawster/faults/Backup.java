package clawster.faults;

import clawster.persistence.database.Database;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.sessions.Sweep;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * All rows of all tables at one moment, taken while others write, as {@code pg_dump} takes them:
 * {@code COPY} in one repeatable-read transaction.
 *
 * @param tables the rows of each table, in PostgreSQL's own form
 */
record Backup(Map<String, byte[]> tables) {

  private static final String OWN_TABLES =
      """
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> 'flyway_schema_history'
      order by c.relname
      """;

  static Backup of(DatabaseAddress database) throws SQLException, IOException {
    try (var connection = Server.connect(database)) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      var copied = new LinkedHashMap<String, byte[]>();
      for (var table : names(connection)) {
        var out = new ByteArrayOutputStream();
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("copy (select * from " + table + ") to stdout (format binary)", out);
        copied.put(table, out.toByteArray());
      }
      return new Backup(copied);
    }
  }

  private static List<String> names(Connection connection) throws SQLException {
    var names = new ArrayList<String>();
    try (var rows = connection.createStatement().executeQuery(OWN_TABLES)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  /** Into an empty database, which gets today's tables first. */
  void restore(DatabaseAddress empty) throws SQLException, IOException {
    try (var database = new Database(empty)) {
      database.migrate();
      new Sweep(database).prepare();
    }
    try (var connection = Server.connect(empty)) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("set session_replication_role = replica");
      for (var table : tables.entrySet()) {
        connection.createStatement().execute("truncate " + table.getKey() + " cascade");
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "copy " + table.getKey() + " from stdin (format binary)",
                new ByteArrayInputStream(table.getValue()));
      }
      for (var counted : List.of("event_journal.ordering", "member.number")) {
        var name = counted.split("\\.");
        connection
            .createStatement()
            .execute(
                "select setval(pg_get_serial_sequence('%1$s', '%2$s'), max(%2$s)) from %1$s"
                    .formatted(name[0], name[1]));
      }
      connection.commit();
    }
  }
}
