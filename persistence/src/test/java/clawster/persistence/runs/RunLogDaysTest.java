package clawster.persistence.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.kernel.Ids;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RunLogDaysTest {

  private static final LocalDate TODAY = LocalDate.of(2031, 3, 1);

  private static final String PARTITIONS =
      """
      select string_agg(relname, ' ' order by relname)
      from pg_inherits join pg_class c on c.oid = inhrelid
      where inhparent = 'run_log'::regclass
      """;

  private DatabaseAddress address;

  @BeforeEach
  void database() {
    address = TestDatabase.empty("run_log_days");
    try (var database = new Database(address)) {
      database.migrate();
    }
  }

  @Test
  void manyNodesAtOnceMakeEachDayOnce() {
    var nodes =
        IntStream.range(0, 6)
            .mapToObj(_ -> CompletableFuture.runAsync(() -> keep(TODAY)))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(nodes).join();
    keep(TODAY);
    var partitions = TestDatabase.query(address, PARTITIONS).split(" ");
    assertEquals(9, partitions.length);
    assertEquals("run_log_20310228", partitions[0]);
    assertEquals("run_log_20310308", partitions[8]);
  }

  @Test
  void daysLongPastGoAndTheOthersKeepTheirRuns() {
    for (var day = TODAY; day.isBefore(TODAY.plusDays(20)); day = day.plusDays(1)) {
      keep(day);
      insertRun(day);
    }
    var partitions = TestDatabase.query(address, PARTITIONS);
    assertTrue(partitions.startsWith("run_log_20310313 "), partitions);
    assertEquals("8", TestDatabase.query(address, "select count(*) from run_log"));
  }

  @Test
  void aDayWithARunThatIsOwedStaysForAMonthAtMost() {
    keep(TODAY);
    TestDatabase.execute(
        address,
        "insert into session_run values ('%s', '%s')"
            .formatted(Ids.at(noon(TODAY)), UUID.randomUUID()));
    keep(TODAY.plusDays(30));
    assertEquals("run_log_20310301", TestDatabase.query(address, PARTITIONS).split(" ")[0]);
    keep(TODAY.plusDays(31));
    assertEquals("run_log_20310330", TestDatabase.query(address, PARTITIONS).split(" ")[0]);
  }

  @Test
  void theFirstAndTheLastMillisecondOfADayAreInIt() {
    keep(TODAY);
    var start = TODAY.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    for (long millis : new long[] {start, start + 86_399_999}) {
      TestDatabase.execute(
          address, "insert into run_log values ('" + Ids.at(millis) + "', 1, 1, 0, 3, '')");
    }
    assertEquals("2", TestDatabase.query(address, "select count(*) from run_log_20310301"));
  }

  private void insertRun(LocalDate day) {
    TestDatabase.execute(
        address, "insert into run_log values ('" + Ids.at(noon(day)) + "', 1, 1, 0, 3, '')");
  }

  private static long noon(LocalDate day) {
    return day.atTime(12, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private void keep(LocalDate today) {
    try (var connection = TestDatabase.connect(address)) {
      new RunLogDays(7).keep(connection, today);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }
}
