package clawster.runtime.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every entry after a point, once and in order, to the end; whatever the feed does. */
final class RunSourceTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final RunWord END = new RunWord.Completed("m", "stop", Usage.NONE);

  /** Entries on the way to a reader that reads nothing: held by the cursor, or read as a page. */
  private static final int MOST_HELD = 256 + 500;

  private final RunId run = RunId.next();
  private final ActorRef<RunFeed.Command> feed = KIT.spawn(RunFeed.create());
  private final InMemoryRunLog log = new InMemoryRunLog(feed::tell);

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  private record Reader(ActorRef<RunFeed.Heard> listener, SinkQueueWithCancel<RunEntry> entries) {

    static Reader of(Source<RunEntry, ActorRef<RunFeed.Heard>> source) {
      var both =
          source
              .toMat(
                  Sink.<RunEntry>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
              .run(KIT.system());
      return new Reader(both.first(), both.second());
    }

    static Reader of(RunSource.Fresh fresh) {
      return of(fresh.entries().mapMaterializedValue(_ -> fresh.listener()));
    }

    void reads(long from, long to) {
      for (long seq = from; seq <= to; seq++) {
        assertEquals(seq, await(entries.pull()).orElseThrow().seq());
      }
    }

    void ends() {
      assertTrue(await(entries.pull()).isEmpty());
    }
  }

  @Test
  void aFreshRunIsHeardFromItsFirstEntryWithoutReadingTheLog() {
    var reader = fresh();
    log.open(run, 1);
    listen(reader);
    write(9);
    log.append(run, 0, END);
    reader.reads(1, 10);
    reader.ends();
    assertEquals(0, log.reads());
  }

  @Test
  void whatIsHeardBeforeAnybodyReadsIsKept() {
    var fresh = RunSource.fresh(KIT.system(), log, run, _ -> {});
    log.open(run, 1);
    feed.tell(new RunFeed.Listen(run, fresh.listener(), 256));
    write(9);
    log.append(run, 0, END);
    KIT.createTestProbe().expectNoMessage(Duration.ofMillis(50));
    var reader = Reader.of(fresh);
    reader.reads(1, 10);
    reader.ends();
    assertEquals(0, log.reads());
  }

  @Test
  void whatNobodyIsToReadIsHeardByNobody() {
    var watcher = KIT.createTestProbe();
    var forgotten = RunSource.fresh(KIT.system(), log, run, _ -> {});
    forgotten.forget();
    watcher.expectTerminated(forgotten.listener());
    var unread = RunSource.fresh(KIT.system(), log, run, _ -> {});
    watcher.awaitAssert(
        () -> {
          TIME.timePasses(Duration.ofSeconds(61));
          watcher.expectTerminated(unread.listener(), Duration.ofMillis(100));
          return unread;
        });
  }

  @Test
  void whatWasCommittedBeforeAnybodyListenedIsRead() {
    var reader = fresh();
    log.open(run, 1);
    write(3);
    listen(reader);
    write(2);
    reader.reads(1, 5);
    log.append(run, 0, END);
    reader.reads(6, 6);
    reader.ends();
  }

  @Test
  void aRunThatIsOverIsReadFromTheLog() {
    over(5);
    var reader = resumed(0);
    reader.reads(1, 5);
    reader.ends();
  }

  @Test
  void aRunLongerThanAPageIsReadToItsEnd() {
    over(1_234);
    var reader = resumed(0);
    reader.reads(1, 1_234);
    reader.ends();
  }

  @Test
  void whoeverComesBackGetsWhatFollows() {
    over(5);
    var reader = resumed(3);
    reader.reads(4, 5);
    reader.ends();
  }

  @Test
  void whoeverHasTheEndIsDone() {
    over(5);
    resumed(5).ends();
  }

  @Test
  void aPlaceThatIsNotInTheLogHasNothingAfterIt() {
    over(5);
    resumed(6).ends();
    Reader.of(RunSource.resumed(KIT.system(), log, RunId.next(), 3, _ -> {})).ends();
  }

  @Test
  void readingAndHearingMeetWithoutAGapOrARepetition() {
    log.open(run, 1);
    write(10);
    var reader = resumed(4);
    listen(reader);
    write(10);
    log.append(run, 0, END);
    reader.reads(5, 21);
    reader.ends();
  }

  @Test
  void aRunThatIsRepeatedToAFreshListenerIsReadWhereNobodyWritesIt() {
    over(5);
    var reader = fresh();
    listen(reader);
    reader.reads(1, 5);
    reader.ends();
  }

  @Test
  void aGapIsFilledFromTheLog() {
    var reader = fresh();
    log.open(run, 1);
    write(10);
    tell(reader, 1, 2);
    tell(reader, 6, 7);
    reader.reads(1, 10);
  }

  @Test
  void whatIsToldTwiceIsReadOnce() {
    var reader = fresh();
    tell(reader, 1, 3);
    tell(reader, 1, 3);
    tell(reader, 2, 5);
    tell(reader, 5, 5);
    tell(reader, 6, 6);
    reader.reads(1, 6);
  }

  @Test
  void inWhateverOrderTheFeedSpeaksTheEntriesAreInOrder() {
    for (long seed = 0; seed < 30; seed++) {
      var random = new Random(seed);
      var run = RunId.next();
      var quiet = new InMemoryRunLog(_ -> {});
      quiet.open(run, 1);
      var reader = Reader.of(RunSource.fresh(KIT.system(), quiet, run, _ -> {}));
      int length = 2 + random.nextInt(40);
      for (int seq = 1; seq < length; seq++) {
        quiet.append(run, 0, new RunWord.Text("t"));
        int from = 1 + random.nextInt(seq);
        int to = from + random.nextInt(seq - from + 1);
        reader.listener().tell(new RunFeed.Entries(run, quiet.entries(run).subList(from - 1, to)));
      }
      quiet.append(run, 0, END);
      var all = quiet.entries(run);
      reader.listener().tell(new RunFeed.Entries(run, all.subList(length - 1, length)));
      var read = new ArrayList<RunEntry>();
      for (int i = 0; i < length; i++) {
        read.add(await(reader.entries().pull()).orElseThrow());
      }
      assertEquals(all, read, "seed " + seed);
      reader.ends();
    }
  }

  @Test
  void creditIsGivenAsTheReaderReads() {
    TestProbe<RunFeed.Command> told = KIT.createTestProbe();
    var reader = fresh();
    reader.listener().tell(new RunFeed.Listening(run, 0, told.ref()));
    tell(reader, 1, 200);
    reader.reads(1, 60);
    told.expectNoMessage();
    reader.reads(61, 100);
    told.expectMessage(new RunFeed.Credit(run, reader.listener(), 256));
    reader.reads(101, 200);
    tell(reader, 201, 201);
    reader.reads(201, 201);
    told.expectNoMessage();
  }

  @Test
  void aReaderThatReadsNothingHoldsLittleAndMissesNothing() {
    var reader = fresh();
    log.open(run, 1);
    listen(reader);
    for (int i = 0; i < 40; i++) {
      write(100);
    }
    log.append(run, 0, END);
    TIME.timePasses(SILENCE.multipliedBy(4));
    reader.reads(1, 1);
    var readsBefore = log.reads();
    TIME.timePasses(SILENCE.multipliedBy(4));
    reader.reads(2, 2);
    assertTrue(log.reads() - readsBefore <= 1, "a reader that is behind makes the log be read");
    reader.reads(3, 4_001);
    reader.ends();
    assertTrue(log.reads() >= (4_000 - MOST_HELD) / 500, "more was held than may be");
  }

  @Test
  void whatNobodyTellsIsFoundInTheLogBeforeLong() {
    var reader = resumed(0);
    var elsewhere = log.ofAnotherNode(_ -> {});
    elsewhere.open(run, 1);
    isRead();
    elsewhere.append(run, 0, new RunWord.Text("a"));
    passes(SILENCE);
    reader.reads(1, 1);
    elsewhere.append(run, 0, new RunWord.Text("b"));
    elsewhere.append(run, 0, END);
    passes(SILENCE);
    passes(SILENCE);
    reader.reads(2, 3);
    reader.ends();
  }

  @Test
  void aNewOwnerElsewhereIsSoughtInSilence() {
    ActorRef<RunFeed.Command> feedElsewhere = KIT.spawn(RunFeed.create());
    var elsewhere = log.ofAnotherNode(feedElsewhere::tell);
    var reader =
        Reader.of(
            RunSource.fresh(
                KIT.system(),
                log,
                run,
                listener -> feedElsewhere.tell(new RunFeed.Listen(run, listener, 256))));
    log.open(run, 1);
    listen(reader);
    write(2);
    reader.reads(1, 2);
    passes(SILENCE);
    elsewhere.claim(run, 2);
    passes(SILENCE);
    reader.reads(3, 3);
    int reads = log.reads();
    elsewhere.append(run, 0, new RunWord.Text("a"));
    write(1);
    elsewhere.append(run, 0, END);
    reader.reads(4, 5);
    reader.ends();
    assertEquals(reads, log.reads(), "what the new feed tells need not be read");
  }

  @Test
  void whileTheLogIsAwayTheReaderWaits() {
    over(3);
    log.away(true);
    var reader = resumed(0);
    isRead();
    passes(SILENCE);
    log.away(false);
    passes(SILENCE);
    reader.reads(1, 3);
    reader.ends();
  }

  @Test
  void aReaderThatLeavesTakesItsListenerAlong() {
    var reader = fresh();
    reader.entries().cancel();
    KIT.createTestProbe().expectTerminated(reader.listener());
  }

  @Test
  void aRunThatEndsTakesItsListenerAlong() {
    over(3);
    var reader = resumed(0);
    reader.reads(1, 3);
    reader.ends();
    KIT.createTestProbe().expectTerminated(reader.listener());
  }

  private Reader fresh() {
    return Reader.of(RunSource.fresh(KIT.system(), log, run, _ -> {}));
  }

  private Reader resumed(long after) {
    return Reader.of(RunSource.resumed(KIT.system(), log, run, after, _ -> {}));
  }

  private void listen(Reader reader) {
    feed.tell(new RunFeed.Listen(run, reader.listener(), 256));
  }

  private void write(int texts) {
    IntStream.range(0, texts).forEach(i -> log.append(run, 0, new RunWord.Text("t" + i)));
  }

  private void over(int entries) {
    log.open(run, 1);
    write(entries - 1);
    log.append(run, 0, END);
  }

  private void tell(Reader reader, long from, long to) {
    reader
        .listener()
        .tell(
            new RunFeed.Entries(
                run,
                LongStream.rangeClosed(from, to)
                    .mapToObj(seq -> new RunEntry(seq, 1, 0, new RunWord.Text("t")))
                    .toList()));
  }

  /** Its clock runs from then on. */
  private void isRead() {
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertTrue(log.reads() > 0);
              return null;
            });
  }

  private static void passes(Duration time) {
    TIME.timePasses(time);
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("nothing came", e);
    }
  }
}
