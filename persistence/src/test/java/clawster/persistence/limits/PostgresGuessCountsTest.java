package clawster.persistence.limits;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.runtime.limits.GuessCounts;
import clawster.runtime.limits.GuessCountsContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class PostgresGuessCountsTest implements GuessCountsContract {

  private Database database;

  @BeforeEach
  void open() {
    database = new Database(TestDatabase.migrated("guesses"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public GuessCounts counts() {
    return new PostgresGuessCounts(database);
  }
}
