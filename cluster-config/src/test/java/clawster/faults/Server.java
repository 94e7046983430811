package clawster.faults;

import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.postgres.EmbeddedPostgres;
import clawster.stories.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The PostgreSQL of the rig, in a directory of its own and with a new database for every cluster.
 * It is killed and stopped as the rows like; its watchdog brings it back. It ends with this JVM.
 */
final class Server {

  private static final Path DIRECTORY = Path.of("target/fault-database").toAbsolutePath();
  private static final Path PROGRAMS = Path.of("target/postgres-programs").toAbsolutePath();

  private final DatabaseAddress address = EmbeddedPostgres.ensure(DIRECTORY, PROGRAMS, _ -> {});

  /** A new database without any table. */
  DatabaseAddress empty(String name) {
    execute(address, "drop database if exists " + name + " with (force)");
    execute(address, "create database " + name);
    return new DatabaseAddress(
        address.jdbcUrl().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1"),
        address.user(),
        address.password());
  }

  DatabaseAddress address() {
    return address;
  }

  InetSocketAddress socket() {
    var uri = URI.create(address.jdbcUrl().substring("jdbc:".length()));
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  static Connection connect(DatabaseAddress to) throws SQLException {
    return DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
  }

  static void execute(DatabaseAddress in, String sql) {
    try (var connection = connect(in);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  static long count(DatabaseAddress in, String sql) {
    try (var connection = connect(in);
        var result = connection.createStatement().executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static ProcessHandle postmaster() {
    try {
      var pid = Files.readAllLines(DIRECTORY.resolve("postgres/data/postmaster.pid")).getFirst();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code restart -m immediate}: it recovers from its log, as after a power cut. */
  void restartAtOnce() {
    var killed = postmaster();
    Signals.send("-QUIT", List.of(killed));
    Await.until("PostgreSQL has stopped", Duration.ofSeconds(20), () -> !killed.isAlive());
    EmbeddedPostgres.ensure(DIRECTORY, PROGRAMS, _ -> {});
  }

  void pause() {
    Signals.send("-STOP", processes());
  }

  void resume() {
    Signals.send("-CONT", processes());
  }

  private static List<ProcessHandle> processes() {
    var postmaster = postmaster();
    return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
  }

  /** All connections but ours. */
  void terminateBackends() {
    execute(
        address,
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
  }
}
