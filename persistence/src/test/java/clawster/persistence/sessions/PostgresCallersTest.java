package clawster.persistence.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Callers;
import clawster.runtime.sessions.CallersContract;
import clawster.runtime.sessions.OneNode;
import clawster.runtime.sessions.RequestHash;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresCallersTest implements CallersContract {

  private static final RequestHash REQUEST = new RequestHash("a");

  private DatabaseAddress address;
  private Database database;
  private NodeWriter writer;
  private PostgresSessionDirectory directory;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("callers");
    database = new Database(address);
    writer = new NodeWriter(database, _ -> {}, () -> {});
    directory = new PostgresSessionDirectory(database, writer);
  }

  @AfterEach
  void close() {
    writer.close();
    database.close();
  }

  @Override
  public Callers callers(String node) {
    return new PostgresCallers(database, writer, new OneNode(node));
  }

  @Override
  public void note(RunId run, Callers.Asking asking) {
    directory.owe(SESSION, run, Optional.of(asking)).toCompletableFuture().join();
  }

  private RunId lost() {
    var run = RunId.next();
    note(run, callers("here").asking(REQUEST));
    callers("here").left(run).toCompletableFuture().join();
    return run;
  }

  private Optional<RunId> rejoined() {
    return callers("here").rejoin(REQUEST).toCompletableFuture().join();
  }

  @Test
  void aRunIsRejoinedForTwoMinutes() {
    var run = lost();
    begun(run, "121 seconds");
    assertEquals(Optional.empty(), rejoined());
    begun(run, "115 seconds");
    assertEquals(Optional.of(run), rejoined());
  }

  @Test
  void toBeOwedAgainMakesARunNoYounger() {
    var run = lost();
    begun(run, "121 seconds");
    directory.oweAgain(run).toCompletableFuture().join();
    assertEquals(Optional.empty(), rejoined());
  }

  private void begun(RunId run, String ago) {
    TestDatabase.execute(
        address,
        "update session_run set begun = now() - interval '%s' where run = '%s'"
            .formatted(ago, run));
  }

  @Test
  void aRunWhoseRequestCannotComeAgainIsNobodys() {
    var run = RunId.next();
    directory.owe(SESSION, run).toCompletableFuture().join();
    assertEquals("1", column("count(*)", run + "' and request is null and node is null and ''='"));
  }

  @Test
  void whatIsSettledAndMarkedAtOnceIsBoth() {
    var run = RunId.next();
    note(run, callers("here").asking(REQUEST));
    directory.settle(run);
    callers("here").left(run).toCompletableFuture().join();
    assertEquals("t 0 f", column("concat_ws(' ', settled, callers, closed)", run.toString()));
  }

  @Test
  void whatIsOwedAgainIsOwed() {
    var run = RunId.next();
    note(run, callers("here").asking(REQUEST));
    directory.settle(run);
    callers("here").left(run).toCompletableFuture().join();
    directory.oweAgain(run).toCompletableFuture().join();
    assertEquals("f", column("settled", run.toString()));
  }

  private String column(String what, String run) {
    return TestDatabase.query(
        address, "select %s from session_run where run = '%s'".formatted(what, run));
  }
}
