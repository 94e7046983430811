package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a session remembers is not paid for again with each event. */
final class LongHistoryTest {

  private static final SessionRules RULES = new SessionRules();
  private static final int MESSAGES = 50_000;
  private static final int TURNS = 100;

  /** A copy of the history would be four bytes a message at least. */
  private static final long BYTES_A_TURN = 2 * MESSAGES;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static SessionState.Open remembering(int messages) {
    var none = SessionState.Open.of(1, Some.PROFILE, Some.NOON);
    return new SessionState.Open(
        none.epoch(),
        none.profile(),
        Collections.nCopies(messages, Some.user("words")),
        none.current(),
        none.awaited(),
        none.waiting(),
        none.ended(),
        none.usage(),
        none.lastPromptTokens(),
        none.created(),
        none.updated());
  }

  private static SessionState turns(SessionState state) {
    var after = state;
    for (int run = 1; run <= TURNS; run++) {
      after = Told.given(after).when(Some.submit(run), Some.answer(run, 0, "words")).state();
    }
    return after;
  }

  private static long bytes(Supplier<SessionState> work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    var after = (SessionState.Open) work.get();
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertEquals(MESSAGES + 2 * TURNS, after.history().size());
    return bytes;
  }

  @Test
  void aTurnTakesNoCopyOfIt() {
    var state = remembering(MESSAGES);
    long bytes = bytes(() -> turns(state)) / TURNS;
    assertTrue(bytes < BYTES_A_TURN, bytes + " bytes a turn");
  }

  @Test
  void whatComesLaterChangesNoEarlierState() {
    var state = remembering(3);
    var one = Told.given(state).when(Some.submit(1)).open();
    var other = Told.given(state).when(Some.submit(2)).open();
    assertEquals(3, state.history().size());
    assertEquals(List.of("words", "words", "words", "question 1"), texts(one));
    assertEquals(List.of("words", "words", "words", "question 2"), texts(other));
  }

  private static List<String> texts(SessionState.Open state) {
    return state.history().stream().map(Message::text).toList();
  }
}
