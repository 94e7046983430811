package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.runs.RunId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What everybody does who keeps count of callers. */
public interface CallersContract {

  SessionId SESSION = SessionId.of(new SessionKey("agent:default:a"));

  /** As a node of this name has it, to whom all others are dead; without any run at first. */
  Callers callers(String node);

  /** A run's note, with one caller, is written. */
  void note(RunId run, Callers.Asking asking);

  private static RequestHash request(String name) {
    return new RequestHash(name);
  }

  private RunId begun(String request) {
    var run = RunId.next();
    note(run, callers("here").asking(request(request)));
    return run;
  }

  private Optional<RunId> rejoined(String node, String request) {
    return done(callers(node).rejoin(request(request)));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  default void aRunWhoseCallerIsLostIsRejoinedByOne() {
    var run = begun("a");
    done(callers("here").left(run));
    assertEquals(Optional.of(run), rejoined("here", "a"));
    assertEquals(Optional.empty(), rejoined("here", "a"));
  }

  @Test
  default void aRunIsRejoinedAsOftenAsItsCallerIsLost() {
    var run = begun("a");
    for (int i = 0; i < 3; i++) {
      done(callers("here").left(run));
      assertEquals(Optional.of(run), rejoined("here", "a"));
    }
  }

  @Test
  default void aRunThatIsWaitedForIsNotRejoined() {
    begun("a");
    assertEquals(Optional.empty(), rejoined("here", "a"));
  }

  @Test
  default void aRunOnADeadNodeIsRejoinedThoughNobodySaysItsCallerIsLost() {
    var run = begun("a");
    assertEquals(Optional.of(run), rejoined("there", "a"));
    assertEquals(Optional.empty(), rejoined("there", "a"));
  }

  @Test
  default void anAnswerThatReachedSomebodyIsNotToldAgain() {
    var run = begun("a");
    callers("here").delivered(run);
    done(callers("here").left(RunId.next()));
    assertEquals(Optional.empty(), rejoined("here", "a"));
    assertEquals(Optional.empty(), rejoined("there", "a"));
  }

  @Test
  default void ofTwoLostRunsTheNewerIsRejoinedFirst() {
    var older = begun("a");
    var newer = begun("a");
    done(callers("here").left(older));
    done(callers("here").left(newer));
    assertEquals(Optional.of(newer), rejoined("here", "a"));
    assertEquals(Optional.of(older), rejoined("here", "a"));
  }

  @Test
  default void onlyTheSameRequestRejoins() {
    done(callers("here").left(begun("a")));
    assertEquals(Optional.empty(), rejoined("here", "b"));
  }

  @Test
  default void aRunIsGivenUpByTheLastWhoWaitedForIt() {
    var run = begun("a");
    assertFalse(done(callers("here").abandon(run)));
    joins("there", run);
    done(callers("here").left(run));
    assertFalse(done(callers("here").abandon(run)));
    done(callers("there").left(run));
    assertTrue(done(callers("there").abandon(run)));
    assertFalse(done(callers("here").abandon(run)));
  }

  private void joins(String node, RunId run) {
    var callers = callers(node);
    done(callers.join(SESSION, run, callers.asking(request("a"))));
  }

  /** Two of the same request at once: the second may be counted first. */
  @Test
  default void whoJoinsBeforeTheNoteIsWrittenIsCounted() {
    var run = RunId.next();
    joins("there", run);
    note(run, callers("here").asking(request("a")));
    done(callers("here").left(run));
    assertFalse(done(callers("here").abandon(run)));
    done(callers("there").left(run));
    assertTrue(done(callers("there").abandon(run)));
  }

  @Test
  default void aRunThatWasRejoinedIsNotGivenUp() {
    var run = begun("a");
    done(callers("here").left(run));
    assertEquals(Optional.of(run), rejoined("there", "a"));
    assertFalse(done(callers("here").abandon(run)));
  }

  @Test
  default void aRunThatWasGivenUpIsNotRejoined() {
    var run = begun("a");
    done(callers("here").left(run));
    assertTrue(done(callers("here").abandon(run)));
    assertEquals(Optional.empty(), rejoined("here", "a"));
  }
}
