package clawster.persistence.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.kernel.Ids;
import clawster.runtime.runs.RunGone;
import clawster.runtime.runs.RunId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class PostgresRunLogTest {

  @Test
  void aRunWhoseDayIsGoneReadsAsEmptyAndCannotBeClaimed() {
    var run = new RunId(Ids.at(Instant.parse("2020-03-01T12:00:00Z").toEpochMilli()));
    try (var database = new Database(TestDatabase.migrated("run_log"));
        var writer = new NodeWriter(database, _ -> {}, () -> {})) {
      var log = new PostgresRunLog(database, writer, _ -> {});
      assertEquals(List.of(), log.read(run, 0, 10).toCompletableFuture().join());
      var claim = log.claim(run, 2).toCompletableFuture();
      assertInstanceOf(
          RunGone.class, assertThrows(CompletionException.class, claim::join).getCause());
    }
  }
}
