package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.runs.RunLog;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Following a session, from any place on. */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class EventStoryTest {

  private final Caller caller;

  EventStoryTest(Place place) {
    this.caller = place.caller();
  }

  private static boolean ends(Events.Event event) {
    return event.name().matches("run\\.(done|failed|aborted)");
  }

  private static String text(List<Events.Event> events) {
    return events.stream()
        .filter(event -> event.name().equals("text"))
        .map(event -> event.json().at("/text").asText())
        .collect(Collectors.joining());
  }

  private static List<String> ids(List<Events.Event> events) {
    return events.stream().map(Events.Event::id).toList();
  }

  /** A session with one run, and all that run said. */
  private List<Events.Event> told(String key, int tokens) {
    var run =
        caller.chat(key, Caller.asking("[[fake tokens=" + tokens + "]]")).header("x-clawster-run");
    try (var events = caller.follow(key, "?after=" + run + "-0")) {
      return events.until(EventStoryTest::ends);
    }
  }

  @Test
  void aRunIsToldFromItsBeginningToItsEnd() {
    var events = told("agent:default:events", 5);
    assertEquals("run.accepted", events.getFirst().name());
    assertEquals("run.done", events.getLast().name());
    assertEquals("t0 t1 t2 t3 t4", text(events));
    assertEquals("stop", events.getLast().json().at("/finishReason").asText());
    assertEquals(5, events.getLast().json().at("/usage/completion_tokens").asInt());
    var run = events.getFirst().json().at("/run").asText();
    for (int i = 0; i < events.size(); i++) {
      assertEquals(run + "-" + (i + 1), events.get(i).id());
    }
    assertEquals(
        events.getLast().json().at("/messageId").asText(),
        caller.session("agent:default:events").good().at("/messages/1/id").asText());
  }

  @Test
  void fromEveryPlaceOnTheRestIsTheSame() {
    var key = "agent:default:resumed";
    var all = told(key, 8);
    for (int i = 1; i < all.size() - 1; i += 2) {
      var rest = all.subList(i + 1, all.size());
      try (var events = caller.follow(key, "", "Last-Event-ID", all.get(i).id())) {
        assertEquals(rest, events.until(EventStoryTest::ends));
      }
      try (var events = caller.follow(key, "?after=" + all.get(i).id())) {
        assertEquals(rest, events.until(EventStoryTest::ends));
      }
    }
  }

  @Test
  void theHeaderOfABrowserThatComesBackGoesBeforeTheAddressItOpened() {
    var key = "agent:default:both-places";
    var all = told(key, 8);
    try (var events =
        caller.follow(key, "?after=" + all.getFirst().id(), "Last-Event-ID", all.get(1).id())) {
      assertEquals(all.get(2), events.next().orElseThrow());
    }
  }

  @Test
  void aListenerWhoFallsOutOfARunningAnswerMissesAndRepeatsNothing() {
    var key = "agent:default:falls-out";
    try (var stream = caller.stream(key, Caller.asking("[[fake tokens=80 delay=10]]"))) {
      var run = stream.header("x-clawster-run");
      var heard = new ArrayList<Events.Event>();
      var place = run + "-0";
      while (heard.isEmpty() || !ends(heard.getLast())) {
        try (var events = caller.follow(key, "", "Last-Event-ID", place)) {
          int more = heard.size() + 7;
          heard.addAll(events.until(event -> ends(event) || seq(event) >= more));
        }
        place = heard.getLast().id();
      }
      assertEquals(ids(heard).stream().distinct().toList(), ids(heard));
      assertEquals(caller.session(key).good().at("/messages/1/content").asText(), text(heard));
      assertEquals(80, text(heard).split(" ").length);
    }
  }

  private static long seq(Events.Event event) {
    return Long.parseLong(event.id().substring(event.id().lastIndexOf('-') + 1));
  }

  @Test
  void laterRunsAreToldToo() {
    var key = "agent:default:later";
    var first = told(key, 2);
    try (var events = caller.follow(key, "?after=" + first.get(1).id())) {
      assertEquals(first.subList(2, first.size()), events.until(EventStoryTest::ends));
      for (int tokens : List.of(3, 4)) {
        caller.chat(key, Caller.asking("[[fake tokens=" + tokens + "]]")).good();
        var run = events.until(EventStoryTest::ends);
        assertEquals("run.accepted", run.getFirst().name());
        assertEquals(tokens, text(run).split(" ").length);
      }
    }
  }

  @Test
  void whoNamesNoPlaceHearsWhatGoesOnAndWhatComes() {
    var key = "agent:default:no-place";
    told(key, 2);
    try (var stream = caller.stream(key, Caller.asking("[[fake tokens=400 delay=10]]"));
        var events = caller.follow(key, "")) {
      var run = events.until(EventStoryTest::ends);
      assertEquals(stream.header("x-clawster-run"), run.getFirst().json().at("/run").asText());
      assertEquals(400, text(run).split(" ").length);
    }
  }

  /** Many at once, as it is a matter of luck whether a listener comes before the log begins. */
  @Test
  void whoNamesNoPlaceHearsWhatWaitsToo() {
    var heard =
        IntStream.range(0, 16)
            .mapToObj(
                i -> later(() -> hearsWhatWaitsToo("agent:default:no-place-and-waiting-" + i)))
            .toList();
    heard.forEach(CompletableFuture::join);
  }

  private static CompletableFuture<Void> later(Runnable work) {
    return CompletableFuture.runAsync(work, Thread::startVirtualThread)
        .orTimeout(50, TimeUnit.SECONDS);
  }

  private void hearsWhatWaitsToo(String key) {
    told(key, 2);
    var going = caller.later(key, Caller.asking("[[fake tokens=40 ttft=8000]]"));
    Await.until("it runs", () -> caller.session(key).good().at("/isRunning").asBoolean());
    var waiting = caller.later(key, Caller.asking("[[fake tokens=3]]"));
    try (var events = caller.follow(key, "")) {
      assertEquals(40, text(events.until(EventStoryTest::ends)).split(" ").length);
      assertEquals(3, text(events.until(EventStoryTest::ends)).split(" ").length);
    }
    going.join();
    waiting.join();
  }

  @Test
  void whoWasAwayForMoreRunsThanAreListedAtOnceHearsThemAllAtOnce() {
    var key = "agent:default:long-away";
    var last = told(key, 1).getLast();
    var runs = new ArrayList<String>();
    for (int i = 0; i < RunLog.PAGE + 5; i++) {
      runs.add(caller.chat(key, Caller.asking("[[fake tokens=1]]")).header("x-clawster-run"));
    }
    try (var events = caller.follow(key, "?after=" + last.id())) {
      for (var run : runs) {
        assertEquals(run, events.until(EventStoryTest::ends).getFirst().json().at("/run").asText());
      }
    }
  }

  @Test
  void aPlaceInNoRunOfThisSessionIsGone() {
    var key = "agent:default:strange-place";
    told(key, 2);
    var other = told("agent:default:other-session", 2).get(1);
    for (var place : List.of(other.id(), UUID.randomUUID() + "-3", new UUID(0, 1) + "-1")) {
      var answer = caller.get(Caller.path(key) + "/events?after=" + place);
      assertEquals(410, answer.status());
      assertTrue(answer.json().at("/error").asText().contains("no run"), answer.text());
    }
  }

  @Test
  void aPlaceBeyondTheEndOfARunIsRefused() {
    var key = "agent:default:beyond";
    var last = told(key, 2).getLast().id();
    var run = last.substring(0, last.lastIndexOf('-'));
    var answer = caller.get(Caller.path(key) + "/events?after=" + run + "-1000");
    assertEquals(400, answer.status());
    assertEquals("{\"error\":\"after: the run has no entry 1000 yet\"}", answer.text());
  }

  @Test
  void whoHasHeardAllOfARunHearsTheNextOne() {
    var key = "agent:default:heard-all";
    var last = told(key, 2).getLast();
    try (var events = caller.follow(key, "", "Last-Event-ID", last.id())) {
      caller.chat(key, Caller.asking("[[fake tokens=3]]")).good();
      assertEquals("t0 t1 t2", text(events.until(EventStoryTest::ends)));
    }
  }

  @Test
  void aRefusedRequestDoesNotKeepLaterRunsBack() {
    var key = "agent:default:full";
    var first = told(key, 1).getLast();
    try (var events = caller.follow(key, "?after=" + first.id())) {
      var running = caller.later(key, Caller.asking("[[fake tokens=100000 delay=50]]"));
      Await.until("it runs", () -> caller.session(key).good().at("/isRunning").asBoolean());
      var waiting = new ArrayList<java.util.concurrent.CompletableFuture<?>>();
      for (int i = 0; i < 33; i++) {
        waiting.add(caller.later(key, Caller.asking("[[fake tokens=1]]")));
      }
      Await.until("one was refused", () -> waiting.stream().anyMatch(each -> each.isDone()));
      caller.post(Caller.path(key) + "/abort").good();
      running.join();
      var last = caller.chat(key, Caller.asking("[[fake tokens=3]]")).header("x-clawster-run");
      events.until(event -> ends(event) && event.id().startsWith(last));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1", "-1", "01900000-0000-7000-8000-000000000001"})
  void whatIsNoPlaceIsRefused(String place) {
    var key = "agent:default:no-such-place";
    told(key, 1);
    var answer = caller.get(Caller.path(key) + "/events?after=" + place);
    assertEquals(400, answer.status());
    assertEquals("{\"error\":\"after: <run>-<seq> is expected\"}", answer.text());
  }

  @Test
  void deletingASessionEndsItsRunForListenersToo() {
    var key = "agent:default:deleted-under-way";
    try (var stream = caller.stream(key, Caller.asking("[[fake tokens=100000 delay=10]]"))) {
      stream.until(event -> event.delta().contains("t2"));
      caller.call("DELETE", Caller.path(key), "").good();
      assertTrue(stream.toTheEnd().getLast().isDone());
    }
  }
}
