package clawster.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.bench.upstream.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    var names = new HashSet<>(Bench.ROWS.stream().map(Row::name).toList());
    assertEquals(Bench.ROWS.size(), names.size());
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
