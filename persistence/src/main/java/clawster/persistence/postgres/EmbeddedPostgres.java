package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.postgresql.Driver;

/**
 * The PostgreSQL of a data directory: there, running and answering when {@link #ensure} returns.
 *
 * <p>Any node may ask at any time, and asks again whenever the database is unreachable: a server
 * killed is restarted by its watchdog, a watchdog killed is replaced here. The address stays the
 * same unless a stranger took the port meanwhile. The process counts as a node from the first call
 * until it ends or closes its {@link DataDirectory}; after the last node the server stops.
 */
public final class EmbeddedPostgres {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int POLL_MILLIS = 15;
  private static final int MAX_LAUNCHES = 5;

  private EmbeddedPostgres() {}

  public static DatabaseAddress ensure(Path dataDirectory, Consumer<String> progress) {
    return ensure(dataDirectory, dataDirectory.toAbsolutePath().resolve("postgres"), progress);
  }

  /**
   * As above, with PostgreSQL's programs unpacked to a place that several data directories share.
   */
  public static DatabaseAddress ensure(
      Path dataDirectory, Path programs, Consumer<String> progress) {
    return ensure(dataDirectory, programs, PATIENCE, progress);
  }

  static synchronized DatabaseAddress ensure(
      Path dataDirectory, Path programs, Duration patience, Consumer<String> progress) {
    try {
      PostgresFiles files = PostgresFiles.of(DataDirectory.open(dataDirectory));
      PrivateFiles.directory(files.directory());
      NodePresence.join(files, progress);
      try (LockFile start = LockFile.open(files.startLock())) {
        if (!start.tryExclusive()) {
          progress.accept("waiting for another start of the same database");
          start.awaitExclusive();
        }
        return running(files, programs, patience, progress);
      }
    } catch (IOException e) {
      throw new StartRefused(
          "The embedded PostgreSQL in %s cannot start: %s".formatted(dataDirectory, OsWords.of(e)),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefused("The start of the embedded PostgreSQL was interrupted.", e);
    }
  }

  private static DatabaseAddress running(
      PostgresFiles files, Path programs, Duration patience, Consumer<String> progress)
      throws IOException, InterruptedException {
    int launches = 0;
    long deadline = System.nanoTime() + patience.toNanos();
    while (!WatchdogStart.alive(files) || !answers(files)) {
      if (System.nanoTime() > deadline || launches > MAX_LAUNCHES) {
        throw new StartRefused(
            "The embedded PostgreSQL does not answer; it last said: %s (see %s and %s)."
                .formatted(LastWords.of(files), files.serverLogs(), files.watchdogLog()));
      }
      if (WatchdogStart.alive(files)) {
        Thread.sleep(POLL_MILLIS);
      } else {
        launch(files, programs, progress);
        launches++;
      }
    }
    return address(files);
  }

  private static void launch(PostgresFiles files, Path programs, Consumer<String> progress)
      throws IOException, InterruptedException {
    ServerAccount account = ServerAccount.choose();
    PostgresBinaries binaries = PostgresBinaries.in(programs, progress);
    account.letIn(files, binaries);
    NewDatabase.create(files, binaries, account, progress);
    account.own(files.data());
    progress.accept("starting the database");
    List<String> server =
        account.command(binaries.program("postgres"), "-D", files.data().toString());
    Process watchdog = WatchdogStart.start(files, server);
    while (watchdog.isAlive() && !WatchdogStart.alive(files)) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean answers(PostgresFiles files) throws IOException {
    if (ServerPort.read(files) == 0) {
      return false;
    }
    DatabaseAddress address = address(files);
    Properties login = new Properties();
    login.setProperty("user", address.user());
    login.setProperty("password", address.password());
    login.setProperty("connectTimeout", "2");
    login.setProperty("socketTimeout", "5");
    login.setProperty("ApplicationName", "clawster ensure");
    try (Connection connection = new Driver().connect(address.jdbcUrl(), login)) {
      return connection.isValid(2);
    } catch (SQLException _) {
      return false;
    }
  }

  private static DatabaseAddress address(PostgresFiles files) throws IOException {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(ServerPort.read(files), NewDatabase.DATABASE),
        NewDatabase.USER,
        Files.readString(files.password()));
  }
}
