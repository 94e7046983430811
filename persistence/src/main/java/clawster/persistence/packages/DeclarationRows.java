package clawster.persistence.packages;

import clawster.runtime.packages.Declaration;
import clawster.runtime.packages.DesiredPackages.Declared;
import clawster.runtime.packages.PackageKind;
import clawster.runtime.packages.PackageRef;
import clawster.runtime.packages.PackageSpec;
import clawster.runtime.packages.Packages.Presence;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is declared, as rows. */
final class DeclarationRows {

  private static final Logger LOG = LoggerFactory.getLogger(DeclarationRows.class);

  private DeclarationRows() {}

  /** In one statement, so that the revision is that of the rows. */
  static Declared all(Connection connection) throws SQLException {
    try (var statement =
            connection.prepareStatement(
                """
                select f.value::bigint as revision, d.*
                from cluster_fact f left join desired_package d on true
                where f.name = 'packages'
                order by d.change
                """);
        var row = statement.executeQuery()) {
      long revision = 0;
      var all = new ArrayList<Declaration>();
      while (row.next()) {
        revision = row.getLong("revision");
        if (row.getString("kind") != null) {
          declaration(row).ifPresent(all::add);
        }
      }
      return new Declared(revision, all);
    }
  }

  static Optional<Declaration> find(Connection connection, long change) throws SQLException {
    try (var statement =
        connection.prepareStatement("select * from desired_package where change = ?")) {
      statement.setLong(1, change);
      try (var row = statement.executeQuery()) {
        return row.next() ? declaration(row) : Optional.empty();
      }
    }
  }

  /** Empty for what another version of this program takes for a package, and this one does not. */
  private static Optional<Declaration> declaration(ResultSet row) throws SQLException {
    try {
      var kind = Words.read(PackageKind.class, row.getString("kind"));
      var spec =
          new PackageSpec(
              new PackageRef(kind, row.getString("name")),
              Optional.ofNullable(row.getString("version")));
      var presence = Words.read(Presence.class, row.getString("presence"));
      return Optional.of(
          new Declaration(
              row.getLong("change"), spec, presence, row.getObject("withdrawn") != null));
    } catch (IllegalArgumentException e) {
      LOG.warn("Declaration {} cannot be read: {}", row.getLong("change"), e.getMessage());
      return Optional.empty();
    }
  }

  /** Some node says that they are done. In the order of their numbers, as others do it. */
  static void reached(Connection connection, List<Long> changes) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            update desired_package set reached = true where change in (
              select change from desired_package where change = any(?) and not reached
              order by change for update)
            """)) {
      statement.setArray(1, connection.createArrayOf("bigint", changes.toArray()));
      statement.executeUpdate();
    }
  }

  /**
   * @param within how long ago it may have been declared
   */
  static boolean withdraw(Connection connection, long change, Duration within) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            update desired_package set withdrawn = now()
            where change = ? and withdrawn is null and not reached
              and declared > now() - make_interval(secs => ?)
            """)) {
      statement.setLong(1, change);
      statement.setDouble(2, within.toSeconds());
      return statement.executeUpdate() == 1;
    }
  }

  static boolean isAnyWithdrawn(Connection connection, Duration ago) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select exists (
              select from desired_package where withdrawn <= now() - make_interval(secs => ?))
            """)) {
      statement.setDouble(1, ago.toSeconds());
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  static void forget(Connection connection, Duration withdrawn) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "delete from desired_package where withdrawn <= now() - make_interval(secs => ?)")) {
      statement.setDouble(1, withdrawn.toSeconds());
      statement.executeUpdate();
    }
  }
}
