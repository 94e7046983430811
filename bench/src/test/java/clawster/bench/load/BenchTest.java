package clawster.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.bench.upstream.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchTest {

  @Test
  void percentilesAreOfTheValuesThemselves() {
    var samples = new Samples();
    Stream.of(5.0, 1.0, 4.0, 2.0, 3.0).forEach(samples::add);
    assertEquals(3, samples.median());
    assertEquals(5, samples.at(0.99));
    assertEquals(1, samples.at(0));
    assertTrue(Double.isNaN(new Samples().median()));
  }

  @Test
  void roomACollectionLeavesIsNotAlive() {
    var histogram =
        """
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:           100           8000  [B (java.base@25.0.3)
           2:             7           1000  [Ljdk.internal.vm.FillerElement; (java.base@25.0.3)
           3:             2             16  jdk.internal.vm.FillerObject (java.base@25.0.3)
        Total           109           9016
        """;
    assertEquals(OptionalLong.of(8_000), Heap.live(histogram));
    assertEquals(OptionalLong.empty(), Heap.live("no such process"));
  }

  @Test
  void latenessIsAgainstTheTokenThatCameSoonest() {
    var call = new Call(new byte[0], 3);
    call.sent(0);
    Stream.of(30, 70, 150).forEach(millis -> call.token(millis * 1_000_000L));
    var late = new Samples();
    call.lateness(50, late);
    assertEquals(10, late.median(), 0.001);
    assertEquals(30, late.at(1), 0.001);
    assertEquals(0, late.at(0), 0.001);
  }

  @Test
  void everyRowHasANameOfItsOwn() {
    var rows = Stream.concat(Bench.ROWS.stream(), Bench.NAMED_ROWS.stream()).toList();
    assertEquals(rows.size(), new HashSet<>(rows.stream().map(Row::name).toList()).size());
  }

  @Test
  void aSwarmSeesEveryTokenOfEveryCall() throws IOException {
    try (var upstream = ScriptedUpstream.start(0);
        var swarm = new Swarm(endpoint(upstream.baseUrl()).address())) {
      var endpoint = endpoint(upstream.baseUrl());
      var plans =
          Stream.of(true, false, true)
              .<Iterator<Call>>map(
                  stream ->
                      List.of(
                              new Call(
                                  endpoint.chat(Optional.empty(), "[[fake tokens=5000]]", stream),
                                  5_000),
                              new Call(
                                  endpoint.chat(
                                      Optional.of("ada"), "[[fake tokens=9 delay=1]]", stream),
                                  9))
                          .iterator())
              .toList();
      var calls = swarm.run(plans, Duration.ofMillis(5), Duration.ofSeconds(20));
      assertEquals(6, calls.size());
      calls.forEach(call -> assertTrue(call.isComplete(), call.toString()));
    }
  }

  @Test
  void aCutStreamIsAFailedCall() throws IOException {
    try (var upstream = ScriptedUpstream.start(0);
        var swarm = new Swarm(endpoint(upstream.baseUrl()).address())) {
      var endpoint = endpoint(upstream.baseUrl());
      var plan =
          List.of(
              new Call(endpoint.chat(Optional.empty(), "[[fake tokens=9 cut=3]]", true), 9),
              new Call(endpoint.chat(Optional.empty(), "[[fake tokens=9]]", true), 9));
      var calls = swarm.run(List.of(plan.iterator()), Duration.ZERO, Duration.ofSeconds(20));
      assertEquals(List.of(false, true), calls.stream().map(Call::isComplete).toList());
    }
  }

  @Test
  void aCallThatNeverComesBackHasFailed() {
    var answered = new Call(new byte[0], 1);
    answered.token(0);
    answered.ended(200, 0);
    assertEquals(0, Call.failed(List.of(answered), 1));
    assertEquals(1, Call.failed(List.of(answered), 2));
    assertEquals(1.0, HerdTurns.figures(List.of(answered), 2, 1).get("FAILED calls"));
    var seen = new Restarts.Seen();
    seen.add(List.of(answered), 2);
    assertEquals(1.0, figures(seen).get("FAILED streams"));
  }

  @Test
  void aLongStreamThatWasCutIsStillALongOne() {
    var seen = new Restarts.Seen();
    var cut = new Call(new byte[0], 1_000);
    cut.sent(0);
    cut.token(0);
    cut.token(3_000_000_000L);
    cut.ended(-1, 3_000_000_000L);
    seen.add(List.of(cut), 1);
    assertEquals(3.0, figures(seen).get("largest gap, 20 s streams s"));
    assertTrue(Double.isNaN(figures(seen).get("largest gap, 6 s streams s")));
  }

  private static Map<String, Double> figures(Restarts.Seen seen) {
    var figures = new HashMap<String, Double>();
    seen.into(figures);
    return figures;
  }

  /** However it is cut; a stream that only stutters has not moved. */
  @Test
  void aStreamThatMovedSaysSo() {
    var moved = "data: {\"content\":\"t0\"}\n\n: recovered\n\ndata: {\"content\":\"t1\"}\n\n";
    for (var cut = 1; cut < moved.length(); cut++) {
      var call = call(moved.substring(0, cut), moved.substring(cut));
      assertEquals(2, call.tokens());
      assertTrue(call.standstillMillis().isPresent(), "cut at " + cut);
    }
    assertEquals(
        700, call(moved.substring(0, 30), moved.substring(30)).standstillMillis().orElse(0));
    var stutters = moved.replace(": recovered", ": keep-alive, not recovered");
    assertEquals(
        OptionalDouble.empty(),
        call(stutters.substring(0, 30), stutters.substring(30)).standstillMillis());
    assertEquals(
        OptionalDouble.empty(),
        call("data: {\"content\":\": recovered t0 t1\"}", "").standstillMillis());
  }

  @Test
  void whatComesLateWithTheWordOfAMoveDoesNotHideTheStandstill() {
    var late = "\"content\":\"t1\"\n\n: recovered\n\n\"content\":\"t2\"";
    assertEquals(700, call("\"content\":\"t0\"\n\n", late).standstillMillis().orElse(0));
  }

  /** The second piece comes 700 ms after the first. */
  private static Call call(String first, String second) {
    var call = new Call(new byte[0], 2);
    call.sent(0);
    var scanner = new TokenScanner(call);
    scanner.scan(first.getBytes(US_ASCII), 0, first.length(), 0);
    scanner.scan(second.getBytes(US_ASCII), 0, second.length(), 700_000_000L);
    return call;
  }

  @Test
  void theListeningProcessIsFound() throws IOException {
    try (var upstream = ScriptedUpstream.start(0)) {
      assertEquals(
          Optional.of(ProcessHandle.current().pid()), Processes.listening(upstream.port()));
    }
  }

  @Test
  void aReportSurvivesItsFileAndIsComparable(@TempDir Path directory) throws IOException {
    var file = directory.resolve("a.json");
    report("aaa", 100).write(file);
    var read = Report.read(file);
    assertEquals(report("aaa", 100), read);
    assertTrue(read.table().contains("| turns | ≥ 1 | turns/s 100 |"), read.table());
    var compared = read.comparedWith(report("bbb", 150));
    assertTrue(compared.contains("| turns | turns/s | 100 | 150 | +50 % |"), compared);
  }

  @Test
  void onlyLoopbackIsCalled() {
    assertThrows(IllegalArgumentException.class, () -> endpoint("http://example.org:80"));
    assertFalse(endpoint("http://127.0.0.1:1").address().isUnresolved());
  }

  private static Report report(String commit, double turns) {
    var measurement = new Measurement("turns", "≥ 1", Map.of("turns/s", turns), Map.of(), "");
    return new Report(commit, "2026-01-01T00:00:00Z", 2, "25", 1, List.of(measurement));
  }

  private static Endpoint endpoint(String base) {
    return new Endpoint(URI.create(base), "openclaw", Optional.empty());
  }
}
