package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.runtime.limits.AnswerCounts;
import clawster.runtime.limits.AnswerCountsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class PostgresAnswerCountsTest implements AnswerCountsContract {

  private Database database;

  @BeforeEach
  void open() {
    database = new Database(TestDatabase.migrated("limit_counts"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public AnswerCounts counts() {
    return new PostgresAnswerCounts(database);
  }
}
