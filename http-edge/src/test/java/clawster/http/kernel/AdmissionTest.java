package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Admission.Outcome;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Principal;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.limits.ClientAddress;
import clawster.runtime.limits.GuessRule;
import clawster.runtime.limits.InMemoryGuessCounts;
import clawster.runtime.limits.Lockout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guessing leads to. */
final class AdmissionTest {

  private static final ClientAddress MALLORY = new ClientAddress("203.0.113.9", false);
  private static final ClientAddress ALICE = new ClientAddress("203.0.113.8", false);
  private static final String RIGHT = "Bearer s3cret";

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final InMemoryGuessCounts counts = new InMemoryGuessCounts(clock);
  private final KeyRing<KeySecret> ring = new KeyRing<>(new InMemoryApiKeys(), clock);
  private final Admission locked = admission("s3cret");
  private final Admission open = admission("");

  private Admission admission(String token) {
    return new Admission(
        new Authentication(token, ring, Some.devices()),
        new Lockout(counts, "here", () -> false, clock));
  }

  private static HttpRequest showing(String... authorizations) {
    var request = HttpRequest.GET("http://localhost/v1/models");
    for (var value : authorizations) {
      request = request.addHeader(RawHeader.create("Authorization", value));
    }
    return request;
  }

  private static CompletableFuture<Outcome> asked(
      Admission admission, ClientAddress from, String... authorizations) {
    return admission.admit(Shown.by(showing(authorizations)), from).toCompletableFuture();
  }

  private static String code(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Admitted(var principal) -> principal.id();
      case Outcome.Refused(var problem) -> problem.code();
    };
  }

  private static String code(Admission admission, ClientAddress from, String... authorizations) {
    return code(asked(admission, from, authorizations).join());
  }

  private void guess(int times) {
    for (int i = 0; i < times; i++) {
      assertEquals("request.unauthorized", code(locked, MALLORY, "Bearer guess" + i));
    }
  }

  @Test
  void afterTenWrongEvenTheRightOneIsNotLookedAt() {
    guess(10);
    assertEquals("request.locked_out", code(locked, MALLORY, "Bearer guess"));
    var refused = (Outcome.Refused) asked(locked, MALLORY, RIGHT).join();
    assertEquals("request.locked_out", refused.problem().code());
    assertEquals(GuessRule.LOCK, refused.problem().retryAfter());
    assertEquals("300", refused.problem().facts().get("seconds"));
    assertEquals("gateway", code(locked, ALICE, RIGHT));
    clock.passes(GuessRule.LOCK);
    assertEquals("gateway", code(locked, MALLORY, RIGHT));
  }

  @Test
  void whoShowsNothingGuessesNothing() {
    for (int i = 0; i < 50; i++) {
      assertEquals("request.unauthorized", code(locked, MALLORY));
      assertEquals("request.unauthorized", code(locked, MALLORY, "Bearer "));
      assertEquals("request.unauthorized", code(locked, MALLORY, ""));
    }
    assertEquals("gateway", code(locked, MALLORY, RIGHT));
    assertEquals(0, counts.asked());
  }

  @Test
  void whoShowsNothingIsToldSoAlsoWhileLocked() {
    guess(10);
    assertEquals("request.unauthorized", code(locked, MALLORY));
  }

  /** Attack 19: the limit of one kind of credential was switched off by another beside it. */
  @Test
  void aSecondCredentialBesideDoesNotHelp() {
    for (int i = 0; i < 10; i++) {
      assertEquals(
          "request.unauthorized", code(locked, MALLORY, "Bearer guess" + i, "Bearer bogus"));
    }
    assertEquals("request.locked_out", code(locked, MALLORY, RIGHT));
    assertEquals("request.locked_out", code(locked, MALLORY, RIGHT, "Bearer bogus"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic YTpi",
        "Bearer goclaw_0123456789abcdef0123456789abcdef",
        "s3cret",
        "Digest x"
      })
  void whateverItIsIfItIsWrongItCounts(String wrong) {
    for (int i = 0; i < 10; i++) {
      assertEquals("request.unauthorized", code(locked, MALLORY, wrong));
    }
    assertEquals("request.locked_out", code(locked, MALLORY, RIGHT));
  }

  /** Else somebody with a key of his own could guess another one for ever. */
  @Test
  void senderIdsAreGuessedToo() {
    for (int i = 0; i < 10; i++) {
      var guess = RawHeader.create("X-GoClaw-Sender-Id", SenderId.next().reveal());
      var outcome =
          locked.admit(Shown.by(showing().addHeader(guess)), MALLORY).toCompletableFuture().join();
      assertEquals("request.unauthorized", code(outcome));
    }
    assertEquals("request.locked_out", code(locked, MALLORY, "Bearer s3cret"));
  }

  @Test
  void aRightOneInBetweenTakesNothingBack() {
    guess(9);
    assertEquals("gateway", code(locked, MALLORY, RIGHT));
    guess(1);
    assertEquals("request.locked_out", code(locked, MALLORY, RIGHT));
  }

  @Test
  void whereEverybodyIsAdminOnlyKeysAreGuessed() {
    for (int i = 0; i < 20; i++) {
      assertEquals("gateway", code(open, MALLORY, "Bearer guess" + i));
    }
    for (int i = 0; i < 10; i++) {
      assertEquals(
          "request.unauthorized", code(open, MALLORY, "Bearer " + KeySecret.next().reveal()));
    }
    assertEquals("request.locked_out", code(open, MALLORY, "Bearer " + KeySecret.next().reveal()));
    assertEquals(Principal.GATEWAY.id(), code(open, MALLORY, "Bearer sk-1234"));
  }

  @Test
  void onThisMachineWrongOnesWaitAndRightOnesDoNot() {
    for (int i = 0; i < 9; i++) {
      assertEquals("request.unauthorized", code(locked, ClientAddress.LOCAL, "Bearer guess"));
    }
    long start = System.nanoTime();
    var delayed = asked(locked, ClientAddress.LOCAL, "Bearer guess");
    assertTrue(asked(locked, ClientAddress.LOCAL, RIGHT).isDone());
    assertEquals("request.unauthorized", code(delayed.join()));
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(250).toNanos(), "it had to wait");
  }

  @Test
  void onlySoManyWaitOnThisMachineAndThenNothingIsLookedAt() {
    for (int i = 0; i < 14; i++) {
      counts.wrong(ClientAddress.LOCAL.key() + " of here", new GuessRule(false));
    }
    var waiting = new ArrayList<CompletableFuture<Outcome>>();
    for (int i = 0; i < 64; i++) {
      waiting.add(asked(locked, ClientAddress.LOCAL, "Bearer guess"));
    }
    assertEquals(64, waiting.stream().filter(answer -> !answer.isDone()).count());
    for (var shown : new String[] {"Bearer guess", RIGHT}) {
      var refused = asked(locked, ClientAddress.LOCAL, shown);
      assertTrue(refused.isDone());
      var problem = assertInstanceOf(Outcome.Refused.class, refused.join()).problem();
      assertEquals("request.locked_out", problem.code());
      assertEquals(Duration.ofSeconds(1), problem.retryAfter());
    }
    assertEquals("gateway", code(locked, MALLORY, RIGHT), "others are not kept waiting by it");
  }
}
