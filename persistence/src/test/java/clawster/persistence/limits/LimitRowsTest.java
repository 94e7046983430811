package clawster.persistence.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import org.junit.jupiter.api.Test;

final class LimitRowsTest {

  @Test
  void whatStillCountsStays() {
    var address = TestDatabase.migrated("limit_rows");
    TestDatabase.execute(
        address,
        """
        insert into guess (address, changed)
        select i::text, clock_timestamp() - i * interval '1 minute' from generate_series(1, 20) i
        """);
    TestDatabase.execute(
        address,
        """
        insert into bucket
        select i::text, clock_timestamp() + (i - 6000) * interval '1 minute'
        from generate_series(1, 6010) i
        """);
    TestDatabase.execute(
        address,
        """
        insert into open_answer
        select gen_random_uuid(), 'a', clock_timestamp() + i * interval '1 minute'
        from generate_series(-3, 2) i
        """);
    TestDatabase.execute(
        address,
        """
        insert into run_count
        select 'a', clock_timestamp() - i * interval '1 day', 1 from generate_series(1, 10) i
        """);
    try (var database = new Database(address)) {
      var rows = new LimitRows(database);
      assertEquals(11 + 6_000 + 4 + 3, rows.prune().toCompletableFuture().join());
      assertEquals(0, rows.prune().toCompletableFuture().join());
    }
    assertEquals("9", TestDatabase.query(address, "select count(*) from guess"));
    assertEquals("10", TestDatabase.query(address, "select count(*) from bucket"));
    assertEquals("2", TestDatabase.query(address, "select count(*) from open_answer"));
    assertEquals("7", TestDatabase.query(address, "select count(*) from run_count"));
  }

  /** Else a bucket would be full again, and an address not locked, just when it was used. */
  @Test
  void whatIsBeingChangedStays() throws Exception {
    var address = TestDatabase.migrated("limit_rows_changed");
    TestDatabase.execute(
        address,
        """
        insert into guess (address, changed)
        values ('a', clock_timestamp() - interval '1 hour');
        insert into bucket values ('a', clock_timestamp() - interval '1 hour');
        insert into open_answer
        values (gen_random_uuid(), 'a', clock_timestamp() - interval '1 hour')
        """);
    try (var database = new Database(address);
        var other = TestDatabase.connect(address);
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("update guess set changed = clock_timestamp()");
      statement.execute("update bucket set full_at = clock_timestamp() + interval '1 hour'");
      statement.execute("update open_answer set until = clock_timestamp() + interval '1 hour'");
      var rows = new LimitRows(database);
      assertEquals(0, rows.prune().toCompletableFuture().join());
      other.commit();
      assertEquals(0, rows.prune().toCompletableFuture().join());
    }
  }
}
