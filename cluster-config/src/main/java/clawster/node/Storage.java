package clawster.node;

import clawster.persistence.audit.AuditSweep;
import clawster.persistence.database.Database;
import clawster.persistence.members.ClusterFacts;
import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.postgres.EmbeddedPostgres;
import clawster.persistence.postgres.StartRefused;
import clawster.persistence.sessions.Sweep;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;

/** The database this node stands on: an external one, or the one embedded in its directory. */
final class Storage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  private static final Duration FIRST_SWEEP = Duration.ofMinutes(1);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);

  /** What a node ends with whose database has another address than it knows. */
  private static final int MOVED = 71;

  private final DataDirectory directory;
  private final boolean external;
  private final DatabaseAddress address;
  private final Database database;
  private final Sweep sweep;
  private final AuditSweep auditSweep;

  private Storage(DataDirectory directory, boolean external, DatabaseAddress address) {
    this.directory = directory;
    this.external = external;
    this.address = address;
    this.database = new Database(address);
    this.sweep = new Sweep(database);
    this.auditSweep = new AuditSweep(database);
  }

  /**
   * Starts the embedded database if it is that and does not run.
   *
   * @param external empty if it is the embedded one
   * @throws StartRefused if it cannot be started
   */
  static Storage open(
      Optional<DatabaseAddress> external, DataDirectory directory, Consumer<String> progress) {
    var address = external.orElseGet(() -> EmbeddedPostgres.ensure(directory.path(), progress));
    return new Storage(directory, external.isPresent(), address);
  }

  /**
   * Brings it to what this version expects.
   *
   * @throws StartRefused if that does not succeed
   */
  void prepare() {
    try {
      database.migrate();
    } catch (RuntimeException e) {
      throw new StartRefused("the database cannot be prepared: " + e.getMessage());
    }
    sweep.prepare();
  }

  DatabaseAddress address() {
    return address;
  }

  Database database() {
    return database;
  }

  ClusterFacts facts() {
    return new ClusterFacts(database);
  }

  /** The embedded database comes back by itself, unless its watchdog was killed too. */
  void revive() {
    if (external) {
      return;
    }
    try {
      var now = EmbeddedPostgres.ensure(directory.path(), _ -> {});
      if (!now.equals(address)) {
        LOG.error("The database came back at another address; this node has to be started again");
        Runtime.getRuntime().halt(MOVED);
      }
    } catch (RuntimeException e) {
      LOG.error("The embedded database cannot be started: {}", e.getMessage());
    }
  }

  /**
   * Removes what nobody needs any more, soon and then every hour.
   *
   * @param activityKept how long the entries of who changed what are kept, as it is set then
   */
  void sweepNowAndThen(
      ActorSystem<?> system, ExecutorService blocking, Supplier<Duration> activityKept) {
    system
        .scheduler()
        .scheduleWithFixedDelay(
            FIRST_SWEEP,
            SWEEP_EVERY,
            () -> sweep(activityKept.get()),
            ExecutionContext.fromExecutor(blocking));
  }

  private void sweep(Duration activityKept) {
    try {
      LOG.debug("Swept {} rows", sweep.round() + auditSweep.round(activityKept));
    } catch (RuntimeException e) {
      LOG.warn("Could not sweep: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
