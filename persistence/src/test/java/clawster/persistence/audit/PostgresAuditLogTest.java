package clawster.persistence.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.AuditLogContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresAuditLogTest implements AuditLogContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("activity");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public AuditLog log() {
    return new PostgresAuditLog(database);
  }

  @Test
  void entriesGoAfterTheirTimeHoweverManyThereAre() {
    TestDatabase.execute(
        address,
        """
        insert into activity
        select gen_random_uuid(), 'gateway', 'gateway', 'session.reset', 'session', null, '{}', null,
          now() - interval '90 days' + interval '1 minute' * (n - 2500), true
        from generate_series(1, 2503) n
        """);
    var sweep = new AuditSweep(database);
    assertEquals(2500, sweep.round(Duration.ofDays(90)));
    assertEquals("3", TestDatabase.query(address, "select count(*) from activity"));
    assertEquals(0, sweep.round(Duration.ofDays(90)));
  }
}
