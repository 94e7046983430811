package clawster.persistence.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class MigrationTest {

  private static final String APPLIED =
      "select count(*) from flyway_schema_history where success and version is not null";

  @Test
  void migratingTwiceChangesNothing() {
    var address = TestDatabase.empty("migrated_twice");
    try (var database = new Database(address)) {
      database.migrate();
      var applied = TestDatabase.query(address, APPLIED);
      var cluster =
          TestDatabase.query(address, "select value from cluster_fact where name = 'cluster_id'");
      assertTrue(Integer.parseInt(applied) > 0);
      database.migrate();
      assertEquals(applied, TestDatabase.query(address, APPLIED));
      assertEquals(
          cluster,
          TestDatabase.query(address, "select value from cluster_fact where name = 'cluster_id'"));
    }
  }

  @Test
  void twoNodesMayMigrateAtOnce() {
    var address = TestDatabase.empty("migrated_at_once");
    try (var one = new Database(address);
        var other = new Database(address)) {
      CompletableFuture.allOf(
              CompletableFuture.runAsync(one::migrate), CompletableFuture.runAsync(other::migrate))
          .join();
      assertEquals(
          "1",
          TestDatabase.query(
              address, "select count(*) from cluster_fact where name = 'cluster_id'"));
    }
  }
}
