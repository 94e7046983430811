package clawster.persistence.database;

import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.postgres.EmbeddedPostgres;
import clawster.persistence.sessions.Sweep;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * One real PostgreSQL for all tests of this JVM, and an empty database in it for whoever asks. It
 * stops with the JVM.
 */
public final class TestDatabase {

  private static final DatabaseAddress SERVER =
      EmbeddedPostgres.ensure(
          Path.of("target/test-database").toAbsolutePath(),
          Path.of("target/postgres-programs").toAbsolutePath(),
          _ -> {});

  private TestDatabase() {}

  /** A new database without any table. */
  public static DatabaseAddress empty(String name) {
    return copy(name, "template0");
  }

  /** A new database with today's schema and room for today's runs. */
  public static DatabaseAddress migrated(String name) {
    return copy(name, Migrated.NAME);
  }

  /** Made once: a copy takes a tenth of the time. */
  private static final class Migrated {

    static final String NAME = made("migrated");

    private static String made(String name) {
      try (var database = new Database(empty(name))) {
        database.migrate();
        new Sweep(database).prepare();
      }
      return name;
    }
  }

  private static DatabaseAddress copy(String name, String from) {
    try (var connection = connect(SERVER);
        var statement = connection.createStatement()) {
      statement.execute("drop database if exists " + name + " with (force)");
      statement.execute("create database " + name + " template " + from);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    var url = SERVER.jdbcUrl().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1");
    return new DatabaseAddress(url, SERVER.user(), SERVER.password());
  }

  public static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  public static void execute(DatabaseAddress address, String sql) {
    try (var connection = connect(address);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** The first column of the first row. */
  public static String query(DatabaseAddress address, String sql) {
    try (var connection = connect(address);
        var result = connection.createStatement().executeQuery(sql)) {
      return result.next() ? result.getString(1) : "nothing";
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  public static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }
}
