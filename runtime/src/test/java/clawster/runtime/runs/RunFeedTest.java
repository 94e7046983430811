package clawster.runtime.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.runs.RunFeed.Entries;
import clawster.runtime.runs.RunFeed.Heard;
import clawster.runtime.runs.RunFeed.Listening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class RunFeedTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  private final ActorRef<RunFeed.Command> feed = KIT.spawn(RunFeed.create());
  private final RunId run = RunId.next();
  private final TestProbe<Heard> listener = KIT.createTestProbe();

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void aListenerIsToldTheTailAndThenWhatIsCommitted() {
    feed.tell(new RunFeed.Opened(run, 7));
    listen(256);
    hears(new Listening(run, 7, feed));
    commit(8, 9);
    hears(new Entries(run, texts(8, 9)));
    commit(10, 10);
    hears(new Entries(run, texts(10, 10)));
  }

  @Test
  void whereNobodyWritesThereIsNoTail() {
    listen(256);
    hears(new Listening(run, -1, feed));
    feed.tell(new RunFeed.Opened(run, 0));
    commit(1, 1);
    hears(new Entries(run, texts(1, 1)));
    feed.tell(new RunFeed.Closed(run));
    listen(256);
    hears(new Listening(run, -1, feed));
  }

  @Test
  void nobodyHearsOfAnotherRun() {
    feed.tell(new RunFeed.Opened(run, 0));
    listen(256);
    hears(new Listening(run, 0, feed));
    feed.tell(new RunFeed.Committed(Map.of(RunId.next(), texts(1, 1))));
    commit(1, 2);
    hears(new Entries(run, texts(1, 2)));
  }

  @Test
  void withoutCreditNothingIsSentUntilThereIsSome() {
    feed.tell(new RunFeed.Opened(run, 0));
    listen(2);
    hears(new Listening(run, 0, feed));
    commit(1, 2);
    hears(new Entries(run, texts(1, 2)));
    commit(3, 3);
    commit(4, 4);
    feed.tell(new RunFeed.Credit(run, listener.ref(), 1));
    hears(new Listening(run, 4, feed));
    commit(5, 5);
    hears(new Entries(run, texts(5, 5)));
    commit(6, 6);
    feed.tell(new RunFeed.Credit(run, listener.ref(), 1));
    hears(new Listening(run, 6, feed));
  }

  @Test
  void ofACommitThatIsLargerThanTheCreditTheBeginningIsHeard() {
    feed.tell(new RunFeed.Opened(run, 0));
    listen(3);
    hears(new Listening(run, 0, feed));
    commit(1, 5);
    hears(new Entries(run, texts(1, 3)));
    feed.tell(new RunFeed.Credit(run, listener.ref(), 3));
    hears(new Listening(run, 5, feed));
  }

  @Test
  void creditGivenInTimeIsNotAnswered() {
    feed.tell(new RunFeed.Opened(run, 0));
    listen(2);
    hears(new Listening(run, 0, feed));
    feed.tell(new RunFeed.Credit(run, listener.ref(), 4));
    commit(1, 4);
    hears(new Entries(run, texts(1, 4)));
  }

  @Test
  void creditOfAStrangerIsNobodysBusiness() {
    feed.tell(new RunFeed.Opened(run, 0));
    feed.tell(new RunFeed.Credit(run, listener.ref(), 4));
    feed.tell(new RunFeed.Credit(RunId.next(), listener.ref(), 4));
    commit(1, 1);
    listen(4);
    hears(new Listening(run, 1, feed));
  }

  @Test
  void oneSlowListenerCostsTheOthersNothing() {
    var other = KIT.<Heard>createTestProbe();
    feed.tell(new RunFeed.Opened(run, 0));
    listen(1);
    hears(new Listening(run, 0, feed));
    feed.tell(new RunFeed.Listen(run, other.ref(), 256));
    other.expectMessage(new Listening(run, 0, feed));
    commit(1, 1);
    commit(2, 2);
    hears(new Entries(run, texts(1, 1)));
    other.expectMessage(new Entries(run, texts(1, 1)));
    other.expectMessage(new Entries(run, texts(2, 2)));
    feed.tell(new RunFeed.Credit(run, listener.ref(), 1));
    hears(new Listening(run, 2, feed));
  }

  @Test
  void whoeverWasSkippedIsToldTheTailWhenTheRunEnds() {
    feed.tell(new RunFeed.Opened(run, 0));
    listen(0);
    hears(new Listening(run, 0, feed));
    commit(1, 1);
    var ending = List.of(new RunEntry(2, 1, 0, new RunWord.Aborted()));
    feed.tell(new RunFeed.Committed(Map.of(run, ending)));
    hears(new Listening(run, 2, feed));
  }

  @Test
  void listeningAgainDoublesNothing() {
    feed.tell(new RunFeed.Opened(run, 0));
    listen(1);
    listen(256);
    hears(new Listening(run, 0, feed));
    hears(new Listening(run, 0, feed));
    commit(1, 2);
    hears(new Entries(run, texts(1, 2)));
    commit(3, 3);
    hears(new Entries(run, texts(3, 3)));
  }

  @Test
  void aListenerThatStopsIsForgottenAndTheOthersAreNot() {
    var gone = KIT.<Heard>createTestProbe();
    feed.tell(new RunFeed.Opened(run, 0));
    feed.tell(new RunFeed.Listen(run, gone.ref(), 256));
    listen(256);
    hears(new Listening(run, 0, feed));
    gone.stop();
    listener.expectTerminated(gone.ref());
    commit(1, 1);
    hears(new Entries(run, texts(1, 1)));
  }

  @Test
  void aRunThatMovesAwayAndComesBackHasItsNewTail() {
    feed.tell(new RunFeed.Opened(run, 3));
    feed.tell(new RunFeed.Closed(run));
    feed.tell(new RunFeed.Opened(run, 9));
    feed.tell(new RunFeed.Opened(run, 8));
    listen(256);
    hears(new Listening(run, 9, feed));
  }

  @Test
  void entriesAreACopy() {
    var entries = new ArrayList<>(texts(1, 1));
    var heard = new Entries(run, entries);
    entries.clear();
    assertEquals(texts(1, 1), heard.entries());
  }

  private void listen(int credit) {
    feed.tell(new RunFeed.Listen(run, listener.ref(), credit));
  }

  private void hears(Heard heard) {
    listener.expectMessage(heard);
  }

  private void commit(long from, long to) {
    feed.tell(new RunFeed.Committed(Map.of(run, texts(from, to))));
  }

  private static List<RunEntry> texts(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(seq -> new RunEntry(seq, 1, 0, new RunWord.Text("t" + seq)))
        .toList();
  }
}
