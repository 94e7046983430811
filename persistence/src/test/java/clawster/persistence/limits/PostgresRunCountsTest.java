package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.runtime.limits.RunCounts;
import clawster.runtime.limits.RunCountsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class PostgresRunCountsTest implements RunCountsContract {

  private Database database;

  @BeforeEach
  void open() {
    database = new Database(TestDatabase.migrated("limit_runs"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public RunCounts counts() {
    return new PostgresRunCounts(database);
  }
}
