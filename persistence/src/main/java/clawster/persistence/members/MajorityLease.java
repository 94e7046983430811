package clawster.persistence.members;

import clawster.persistence.database.Database;
import clawster.persistence.postgres.DatabaseAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that decides which side of a split goes on: a lock in the database, held by a
 * connection of its own. Made by the split-brain resolver, by this class's name in its settings.
 *
 * <p>While the database is away there is no winner: whoever asks waits, up to {@link #PATIENCE}.
 * Nothing can be written meanwhile, and a side that gave up at once would leave a cluster that
 * loses a node and its database together without any node at all.
 */
public final class MajorityLease extends Lease {

  private static final Logger LOG = LoggerFactory.getLogger(MajorityLease.class);

  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final LeaseSettings settings;
  private final DatabaseAddress address;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("clawster-majority-lease").daemon().factory());
  private Connection connection;
  private volatile boolean held;

  public MajorityLease(LeaseSettings settings, ExtendedActorSystem system) {
    this.settings = settings;
    var database = system.settings().config().getConfig("clawster.database");
    this.address =
        new DatabaseAddress(
            database.getString("url"), database.getString("user"), database.getString("password"));
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    return acquire(_ -> {});
  }

  /** {@code lost} is not called: the resolver decides once, with what it was told then. */
  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
    return CompletableFuture.supplyAsync(this::take, thread);
  }

  private boolean take() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (connection == null) {
          connection = Database.connect(address, ANSWER);
        }
        held = held || AdvisoryLock.MAJORITY.tryTake(connection);
        LOG.info(held ? "This side of the split goes on" : "The other side of the split goes on");
        return held;
      } catch (SQLException e) {
        disconnect();
        if (System.nanoTime() > end) {
          throw new IllegalStateException("no database to decide a split", e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  @Override
  public CompletionStage<Boolean> release() {
    return CompletableFuture.supplyAsync(
        () -> {
          disconnect();
          return true;
        },
        thread);
  }

  private void disconnect() {
    held = false;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException _) {
        // The lock has gone with it.
      }
      connection = null;
    }
  }

  @Override
  public boolean checkLease() {
    return held;
  }
}
