package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.RequestClaims.Claim;
import clawster.runtime.sessions.RequestClaims.Held;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every keeper of claims does. */
public interface RequestClaimsContract {

  /** Without any claim. */
  RequestClaims claims();

  private static Claim claim(String request, String session) {
    return new Claim(
        new RequestHash(request), RunId.next(), new SessionKey("agent:default:" + session));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  default void theFirstWhoClaimsAKeyHasIt() {
    var first = claim("hash", "a");
    assertEquals(new Held(first, false), done(claims().claim("me", "key", first)));
    assertEquals(new Held(first, false), done(claims().claim("me", "key", claim("hash", "b"))));
    assertEquals(new Held(first, false), done(claims().claim("me", "key", claim("other", "a"))));
  }

  @Test
  default void aKeyIsItsPrincipalsOwn() {
    done(claims().claim("me", "key", claim("hash", "a")));
    var theirs = claim("hash", "a");
    assertEquals(new Held(theirs, false), done(claims().claim("they", "key", theirs)));
    var other = claim("hash", "a");
    assertEquals(new Held(other, false), done(claims().claim("me", "Key", other)));
  }

  @Test
  default void ofManyWhoClaimAtOnceOneIsFirst() {
    var claims = IntStream.range(0, 20).mapToObj(_ -> claim("hash", "a")).toList();
    var held = claims.stream().map(mine -> claims().claim("me", "key", mine)).toList();
    assertEquals(1, List.copyOf(held).stream().map(each -> done(each).claim()).distinct().count());
  }

  @Test
  default void whatWasSaidInASessionIsForgottenWithIt() {
    var kept = claim("hash", "kept");
    done(claims().claim("me", "kept", kept));
    done(claims().claim("me", "one", claim("hash", "reset")));
    done(claims().claim("me", "two", claim("hash", "reset")));
    done(claims().forget(new SessionKey("agent:default:reset")));
    assertTrue(done(claims().claim("me", "one", claim("hash", "reset"))).forgotten());
    assertTrue(done(claims().claim("me", "two", claim("hash", "reset"))).forgotten());
    assertFalse(done(claims().claim("me", "kept", kept)).forgotten());
    assertFalse(done(claims().claim("me", "later", claim("hash", "reset"))).forgotten());
  }
}
