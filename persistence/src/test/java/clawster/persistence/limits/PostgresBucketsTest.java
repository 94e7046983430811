package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.runtime.limits.Buckets;
import clawster.runtime.limits.BucketsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class PostgresBucketsTest implements BucketsContract {

  private Database database;

  @BeforeEach
  void open() {
    database = new Database(TestDatabase.migrated("limit_buckets"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public Buckets buckets() {
    return new PostgresBuckets(database);
  }
}
