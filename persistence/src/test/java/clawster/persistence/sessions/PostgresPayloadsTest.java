package clawster.persistence.sessions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PostgresPayloadsTest {

  private final Database database = new Database(TestDatabase.migrated("payloads"));
  private final PostgresPayloads payloads = new PostgresPayloads(database);

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatIsStoredIsLoadedByteForByte() {
    var payload = new byte[20 * 1024 * 1024];
    new Random(7).nextBytes(payload);
    assertArrayEquals(payload, done(payloads.load(done(payloads.store(payload)))));
  }

  @Test
  void somethingUnknownIsAFailure() {
    var unknown = payloads.load(UUID.randomUUID());
    assertThrows(CompletionException.class, () -> done(unknown));
  }

  @Test
  void theSweepForgetsPayloadsAfterAnHour() {
    var old = done(payloads.store(new byte[] {1}));
    var young = done(payloads.store(new byte[] {2}));
    TestDatabase.execute(
        database.address(),
        "update payload set stored = now() - interval '61 minutes' where id = '%s'".formatted(old));
    assertEquals(1, new Sweep(database).round());
    assertThrows(CompletionException.class, () -> done(payloads.load(old)));
    assertArrayEquals(new byte[] {2}, done(payloads.load(young)));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
