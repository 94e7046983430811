package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.HandClock;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecorderTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final InMemoryAuditLog log = new InMemoryAuditLog();
  private final Recorder recorder = new Recorder(log, new HandClock(NOON));

  private Endpoint endpoint(Endpoint.Handler handler) {
    return Some.endpoint(HttpMethods.DELETE, "/things/{key}", Access.WRITE, 0, handler);
  }

  private HttpResponse serve(Endpoint endpoint, HttpRequest request) {
    var call =
        new Call(
            request,
            Principal.GATEWAY,
            Map.of("key", "one"),
            ByteString.emptyByteString(),
            "id",
            new CompletableFuture<>());
    return endpoint.handler().handle(call).toCompletableFuture().join();
  }

  private HttpResponse serve(Endpoint.Handler handler) {
    return serve(
        recorder.recording(endpoint(handler).recordedAs(Action.SESSION_DELETED)),
        HttpRequest.DELETE("http://localhost/things/one"));
  }

  private List<AuditEntry> entries() {
    return log.list(AuditLog.Query.all(10, 0)).toCompletableFuture().join().entries();
  }

  private static Endpoint.Handler answering(int status) {
    return _ ->
        CompletableFuture.completedStage(HttpResponse.create().withStatus(StatusCodes.get(status)));
  }

  /** An entry says done, or that nobody knows; of what was refused there is none. */
  @ParameterizedTest
  @CsvSource({
    "200, done",
    "202, done",
    "400, none",
    "404, none",
    "409, none",
    "429, none",
    "500, unknown",
    "503, unknown"
  })
  void theAnswerSaysHowItEnded(int status, String expected) {
    assertEquals(status, serve(answering(status)).status().intValue());
    assertEquals(
        expected,
        entries().stream()
            .map(entry -> entry.details().getOrDefault("outcome", "done"))
            .findFirst()
            .orElse("none"));
  }

  @Test
  void whatIsThrownAwayAsNonsenseIsNoChange() {
    var bad = new BadRequest(RequestProblems.field("x", Flaw.NUMBER));
    for (var handler :
        List.<Endpoint.Handler>of(
            _ -> {
              throw bad;
            },
            _ -> CompletableFuture.failedStage(new CompletionException(bad)))) {
      var failure = assertThrows(CompletionException.class, () -> serve(handler));
      assertEquals(bad, root(failure));
      assertEquals(List.of(), entries());
    }
  }

  @Test
  void aBugLeavesTheEntry() {
    assertThrows(
        CompletionException.class,
        () ->
            serve(
                _ -> {
                  throw new IllegalStateException("a bug");
                }));
    assertEquals("unknown", entries().getFirst().details().get("outcome"));
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  @Test
  void whatCannotBeRecordedIsNotDone() {
    var done = new AtomicBoolean();
    log.away(true);
    assertThrows(
        CompletionException.class,
        () ->
            serve(
                call -> {
                  done.set(true);
                  return answering(200).handle(call);
                }));
    assertFalse(done.get());
  }

  @Test
  void whatIsDoneIsAnsweredAlsoWhereItsOutcomeCannotBeStored() {
    var answer =
        serve(
            call -> {
              log.away(true);
              return answering(200).handle(call);
            });
    assertEquals(200, answer.status().intValue());
    log.away(false);
    assertEquals("unknown", entries().getFirst().details().get("outcome"));
  }

  @Test
  void anEntrySaysWhoWhatWhereAndWhen() throws Exception {
    var request =
        HttpRequest.DELETE("http://localhost/things/one")
            .addHeader(RawHeader.create("X-GoClaw-User-Id", "ann"))
            .addAttribute(
                Call.FROM, new Provenance(Optional.of(InetAddress.getByName("192.0.2.7")), false));
    serve(recorder.recording(endpoint(answering(200)).recordedAs(Action.SESSION_DELETED)), request);
    var entry = entries().getFirst();
    assertEquals(Principal.GATEWAY.actor(), entry.actor());
    assertEquals("session.deleted", entry.action());
    assertEquals("session", entry.entityType());
    assertEquals(Optional.of("one"), entry.entityId());
    assertEquals(Optional.of("192.0.2.7"), entry.address());
    assertEquals(NOON, entry.at());
    assertEquals(Map.of("user", "ann"), entry.details());
  }

  /** As if nobody had been named. */
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\u0085b", "LONG"})
  void aUserWhoseNameIsNoneIsLeftOut(String name) {
    var request =
        HttpRequest.DELETE("http://localhost/things/one")
            .addHeader(RawHeader.create("X-GoClaw-User-Id", name.replace("LONG", "x".repeat(256))));
    serve(recorder.recording(endpoint(answering(200)).recordedAs(Action.SESSION_DELETED)), request);
    assertEquals(Map.of(), entries().getFirst().details());
  }

  @Test
  void whoRecordsItselfAndWhoChangesNothingIsLeftAlone() {
    var request = HttpRequest.DELETE("http://localhost/things/one");
    serve(recorder.recording(endpoint(answering(200))), request);
    serve(
        recorder.recording(endpoint(answering(200)).recordsItselfAs(Action.API_KEY_REVOKED)),
        request);
    assertEquals(List.of(), entries());
  }
}
