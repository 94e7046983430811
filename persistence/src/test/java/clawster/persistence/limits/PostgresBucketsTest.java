package clawster.persistence.limits;

import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.limits.Buckets;
import clawster.runtime.limits.BucketsContract;
import clawster.runtime.limits.RateLimiter;
import clawster.runtime.limits.RateRule;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresBucketsTest implements BucketsContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("limit_buckets");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public Buckets buckets() {
    return new PostgresBuckets(database);
  }

  /**
   * Four nodes with a database connection each, all asked at once and again, far too often. What
   * they let through is no more than the limit says of the time that this took and what a bucket
   * holds, and not much less.
   */
  @Test
  void severalNodesTogetherKeepTheLimit() {
    var rule = new RateRule(6_000);
    var databases = Stream.generate(() -> new Database(address)).limit(4).toList();
    databases.forEach(
        one -> one.ask(connection -> connection.isValid(0)).toCompletableFuture().join());
    var clock = new SteadyClock();
    var nodes =
        databases.stream()
            .map(one -> new RateLimiter(new PostgresBuckets(one), rule, clock))
            .toList();
    long start = System.nanoTime();
    int passed = 0;
    while (passed < 400) {
      var answers =
          IntStream.range(0, 40)
              .mapToObj(i -> nodes.get(i % 4).take("a").toCompletableFuture())
              .toList();
      passed += (int) answers.stream().filter(answer -> answer.join().isEmpty()).count();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    databases.forEach(Database::close);
    assertTrue(passed <= 100 + 100 * seconds, passed + " in " + seconds);
    assertTrue(passed >= 0.5 * 100 * seconds, passed + " in " + seconds);
  }
}
