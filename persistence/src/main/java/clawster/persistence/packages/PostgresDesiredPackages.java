package clawster.persistence.packages;

import clawster.persistence.audit.AuditRows;
import clawster.persistence.database.Database;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.packages.DesiredPackages;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageRef;
import clawster.runtime.packages.PackageSpec;
import clawster.runtime.packages.PackageStatus;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import clawster.runtime.packages.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Declarations and reports as rows. Whoever changes what is declared counts first, in a row that
 * stays locked until the change is there: so changes are seen in the order of their numbers.
 */
public final class PostgresDesiredPackages implements DesiredPackages {

  private final Database database;

  public PostgresDesiredPackages(Database database) {
    this.database = database;
  }

  @Override
  public CompletionStage<Optional<Long>> declare(
      PackageSpec spec, Presence presence, AuditEntry entry) {
    return database.transact(
        connection -> {
          long change = count(connection);
          if (!hasRoom(connection, spec.ref())) {
            connection.rollback();
            return Optional.empty();
          }
          put(connection, change, spec, presence, entry);
          AuditRows.insert(connection, entry);
          return Optional.of(change);
        });
  }

  private static long count(Connection connection) throws SQLException {
    try (var statement =
            connection.prepareStatement(
                """
                update cluster_fact set value = (value::bigint + 1)::text where name = 'packages'
                returning value::bigint
                """);
        var row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static boolean hasRoom(Connection connection, PackageRef ref) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select count(*) from desired_package where (kind, name) <> (?, ?)")) {
      statement.setString(1, ref.kind().wire());
      statement.setString(2, ref.name());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1) < MOST || dropWithdrawn(connection);
      }
    }
  }

  /** The oldest one. */
  private static boolean dropWithdrawn(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            delete from desired_package where change =
              (select min(change) from desired_package where withdrawn is not null)
            """)) {
      return statement.executeUpdate() == 1;
    }
  }

  private static void put(
      Connection connection, long change, PackageSpec spec, Presence presence, AuditEntry entry)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into desired_package (kind, name, version, presence, change, author, declared)
            values (?, ?, ?, ?, ?, ?, now())
            on conflict (kind, name) do update set
              version = excluded.version, presence = excluded.presence, change = excluded.change,
              author = excluded.author, declared = excluded.declared, withdrawn = null,
              reached = false
            """)) {
      statement.setString(1, spec.ref().kind().wire());
      statement.setString(2, spec.ref().name());
      statement.setString(3, spec.version().orElse(null));
      statement.setString(4, presence.wire());
      statement.setLong(5, change);
      statement.setString(6, entry.actor().id());
      statement.executeUpdate();
    }
  }

  @Override
  public CompletionStage<Long> revision() {
    return database.ask(
        connection -> {
          try (var statement =
                  connection.prepareStatement(
                      "select value::bigint from cluster_fact where name = 'packages'");
              var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  @Override
  public CompletionStage<Declared> all() {
    return database.ask(DeclarationRows::all);
  }

  @Override
  public CompletionStage<Standing> standing(long change) {
    return database.ask(
        connection ->
            new Standing(
                DeclarationRows.find(connection, change),
                ReportRows.statuses(connection, change),
                ReportRows.moved(connection)));
  }

  @Override
  public CompletionStage<Boolean> withdraw(long change, Duration within, AuditEntry entry) {
    return database.transact(
        connection -> {
          count(connection);
          if (!DeclarationRows.withdraw(connection, change, within)) {
            connection.rollback();
            return false;
          }
          AuditRows.insert(connection, entry);
          return true;
        });
  }

  @Override
  public CompletionStage<Void> report(NodePackages report) {
    return database.transact(
        connection -> {
          ReportRows.put(connection, report);
          DeclarationRows.reached(
              connection,
              report.statuses().stream()
                  .filter(status -> status.state() == State.DONE)
                  .map(PackageStatus::change)
                  .toList());
          return null;
        });
  }

  @Override
  public CompletionStage<List<NodePackages>> reports() {
    return database.transact(ReportRows::all);
  }

  @Override
  public CompletionStage<Void> tidy(Set<String> members, Duration silent, Duration withdrawn) {
    return database.transact(
        connection -> {
          ReportRows.forget(connection, members, silent);
          if (DeclarationRows.isAnyWithdrawn(connection, withdrawn)) {
            count(connection);
            DeclarationRows.forget(connection, withdrawn);
          }
          return null;
        });
  }
}
