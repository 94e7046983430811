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
    try (var database = new Database(address)) {
      var rows = new LimitRows(database);
      assertEquals(11 + 6_000 + 4, rows.prune().toCompletableFuture().join());
      assertEquals(0, rows.prune().toCompletableFuture().join());
    }
    assertEquals("9", TestDatabase.query(address, "select count(*) from guess"));
    assertEquals("10", TestDatabase.query(address, "select count(*) from bucket"));
    assertEquals("2", TestDatabase.query(address, "select count(*) from open_answer"));
  }
}
