package clawster.persistence.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.limits.Quota;
import clawster.runtime.limits.RunCounts;
import clawster.runtime.limits.RunCounts.Outcome;
import clawster.runtime.limits.RunCountsContract;
import clawster.runtime.limits.Span;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresRunCountsTest implements RunCountsContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("limit_runs");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void began(String ago, int runs) {
    TestDatabase.execute(
        address,
        "insert into run_count (name, minute, runs) values ('a', date_trunc('minute',"
            + " clock_timestamp() - interval '%s'), %d)".formatted(ago, runs));
  }

  private Outcome begin(Quota quota) {
    return counts().begin("a", quota).toCompletableFuture().join();
  }

  private void usedUp(Quota quota, Span span, Duration left) {
    var refused = assertInstanceOf(Outcome.Refused.class, begin(quota), quota.toString());
    assertEquals(span, refused.usedUp().span());
    var off = refused.usedUp().left().minus(left).abs();
    assertTrue(off.compareTo(Duration.ofMinutes(1)) <= 0, refused.toString());
  }

  @Test
  void eachSpanCountsWhatBeganWithinItAndNothingOlder() {
    began("30 minutes", 1);
    began("2 hours", 2);
    began("3 days", 4);
    began("7 days 12 hours", 8);
    var usage = counts().usage(1).toCompletableFuture().join();
    assertEquals(List.of(new RunCounts.Used("a", 1, 3, 7)), usage.callers());
    usedUp(new Quota(1, 0, 0), Span.HOUR, Duration.ofMinutes(30));
    usedUp(new Quota(0, 3, 0), Span.DAY, Duration.ofHours(22));
    usedUp(new Quota(0, 0, 7), Span.WEEK, Duration.ofDays(4));
    usedUp(new Quota(1, 3, 7), Span.WEEK, Duration.ofDays(4));
    usedUp(new Quota(1, 3, 8), Span.DAY, Duration.ofHours(22));
    assertInstanceOf(Outcome.Counted.class, begin(new Quota(2, 4, 8)));
    usedUp(new Quota(2, 0, 0), Span.HOUR, Duration.ofMinutes(30));
    usedUp(new Quota(0, 0, 8), Span.WEEK, Duration.ofDays(4));
  }

  @Test
  void whoAsksOnIsAnsweredByHeart() throws SQLException {
    began("30 minutes", 1);
    var counts = new PostgresRunCounts(database, Duration.ofMinutes(1));
    var quota = new Quota(1, 0, 0);
    var refused = counts.begin("a", quota).toCompletableFuture().join();
    try (var connection = TestDatabase.connect(address)) {
      locked(connection);
      assertEquals(refused, counts.begin("a", quota).toCompletableFuture().join());
    }
  }

  /** Or four of them would keep every connection of the node. */
  @Test
  void whoCannotCountGivesUpSoon() throws SQLException {
    try (var connection = TestDatabase.connect(address)) {
      locked(connection);
      var began = System.nanoTime();
      assertThrows(CompletionException.class, () -> begin(new Quota(1, 0, 0)));
      assertTrue(System.nanoTime() - began < Duration.ofSeconds(10).toNanos());
    }
  }

  private static void locked(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    new NameLock(0x72756e73).take(connection, "a");
  }

  @Override
  public RunCounts counts() {
    return new PostgresRunCounts(database);
  }
}
