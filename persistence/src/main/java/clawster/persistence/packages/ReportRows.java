package clawster.persistence.packages;

import clawster.packages.FailureCode;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageKind;
import clawster.runtime.packages.PackageRef;
import clawster.runtime.packages.PackageStatus;
import clawster.runtime.packages.PackageStatus.Failure;
import clawster.runtime.packages.PackageStatus.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nodes say, as rows: what is there as one for each node, how far it has come as many. */
final class ReportRows {

  private static final Logger LOG = LoggerFactory.getLogger(ReportRows.class);

  private ReportRows() {}

  static void put(Connection connection, NodePackages report) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into node_packages (node, name, installed, runtimes, at)
            values (?, ?, ?, ?, now())
            on conflict (node) do update set
              name = excluded.name, installed = excluded.installed,
              runtimes = excluded.runtimes, at = excluded.at
            """)) {
      statement.setString(1, report.node());
      statement.setString(2, report.name());
      statement.setString(3, ReportJson.installed(report.installed()));
      statement.setString(4, ReportJson.runtimes(report.runtimes()));
      statement.executeUpdate();
    }
    boolean dropped = dropOthers(connection, report);
    if (putStatuses(connection, report) || dropped) {
      move(connection, report.node());
    }
  }

  private static void move(Connection connection, String node) throws SQLException {
    try (var statement =
        connection.prepareStatement("update node_packages set moved = now() where node = ?")) {
      statement.setString(1, node);
      statement.executeUpdate();
    }
  }

  private static boolean dropOthers(Connection connection, NodePackages report)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "delete from node_package_status where node = ? and change <> all(?)")) {
      statement.setString(1, report.node());
      statement.setArray(
          2,
          connection.createArrayOf(
              "bigint", report.statuses().stream().map(PackageStatus::change).toArray()));
      return statement.executeUpdate() > 0;
    }
  }

  /**
   * Those that are as they were are left alone: most are.
   *
   * @return whether any is not
   */
  private static boolean putStatuses(Connection connection, NodePackages report)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into node_package_status as old
              (node, kind, name, change, state, code, error, refusals)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (node, kind, name) do update set
              change = excluded.change, state = excluded.state,
              code = excluded.code, error = excluded.error, refusals = excluded.refusals
            where (old.change, old.state, old.code, old.error, old.refusals) is distinct from
              (excluded.change, excluded.state, excluded.code, excluded.error, excluded.refusals)
            """)) {
      for (var status : report.statuses()) {
        statement.setString(1, report.node());
        set(statement, status);
        statement.addBatch();
      }
      return IntStream.of(statement.executeBatch()).sum() != 0;
    }
  }

  private static void set(PreparedStatement statement, PackageStatus status) throws SQLException {
    statement.setString(2, status.ref().kind().wire());
    statement.setString(3, status.ref().name());
    statement.setLong(4, status.change());
    statement.setString(5, status.state().wire());
    statement.setString(6, status.failure().map(failure -> failure.code().wire()).orElse(null));
    statement.setString(7, status.failure().map(Failure::error).orElse(null));
    statement.setInt(8, status.failure().map(Failure::refusals).orElse(0));
  }

  /** Of one declaration, by node. */
  static Map<String, PackageStatus> statuses(Connection connection, long change)
      throws SQLException {
    try (var statement =
        connection.prepareStatement("select * from node_package_status where change = ?")) {
      statement.setLong(1, change);
      try (var row = statement.executeQuery()) {
        var all = new HashMap<String, PackageStatus>();
        while (row.next()) {
          var node = row.getString("node");
          status(row).ifPresent(status -> all.put(node, status));
        }
        return all;
      }
    }
  }

  /** When each node came further the last time. */
  static Map<String, Instant> moved(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("select node, moved from node_packages");
        var row = statement.executeQuery()) {
      var all = new HashMap<String, Instant>();
      while (row.next()) {
        all.put(row.getString("node"), row.getObject("moved", OffsetDateTime.class).toInstant());
      }
      return all;
    }
  }

  static List<NodePackages> all(Connection connection) throws SQLException {
    var statuses = statuses(connection);
    try (var statement = connection.prepareStatement("select * from node_packages order by node");
        var row = statement.executeQuery()) {
      var all = new ArrayList<NodePackages>();
      while (row.next()) {
        var node = row.getString("node");
        all.add(
            new NodePackages(
                node,
                row.getString("name"),
                ReportJson.installed(row.getString("installed")),
                ReportJson.runtimes(row.getString("runtimes")),
                statuses.getOrDefault(node, List.of()),
                row.getObject("at", OffsetDateTime.class).toInstant()));
      }
      return all;
    }
  }

  private static Map<String, List<PackageStatus>> statuses(Connection connection)
      throws SQLException {
    try (var statement =
            connection.prepareStatement("select * from node_package_status order by change");
        var row = statement.executeQuery()) {
      var all = new HashMap<String, List<PackageStatus>>();
      while (row.next()) {
        var ofNode = all.computeIfAbsent(row.getString("node"), _ -> new ArrayList<>());
        status(row).ifPresent(ofNode::add);
      }
      return all;
    }
  }

  /** Empty for what another version of this program has written, and this one cannot read. */
  private static Optional<PackageStatus> status(ResultSet row) throws SQLException {
    try {
      var kind = Words.read(PackageKind.class, row.getString("kind"));
      var code =
          Optional.ofNullable(row.getString("code"))
              .map(word -> Words.read(FailureCode.class, word));
      var error = row.getString("error");
      int refusals = row.getInt("refusals");
      return Optional.of(
          new PackageStatus(
              new PackageRef(kind, row.getString("name")),
              row.getLong("change"),
              Words.read(State.class, row.getString("state")),
              code.map(why -> new Failure(why, error, refusals))));
    } catch (IllegalArgumentException e) {
      LOG.warn("A status of {} cannot be read: {}", row.getString("node"), e.getMessage());
      return Optional.empty();
    }
  }

  static void forget(Connection connection, Set<String> members, Duration silent)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            delete from node_packages
            where node <> all(?) and at <= now() - make_interval(secs => ?)
            """)) {
      statement.setArray(1, connection.createArrayOf("text", members.toArray()));
      statement.setDouble(2, silent.toSeconds());
      statement.executeUpdate();
    }
  }
}
