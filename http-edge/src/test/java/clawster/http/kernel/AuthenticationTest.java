package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Principal;
import clawster.runtime.identity.Scope;
import clawster.runtime.kernel.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a request is. Rows are what SDKs, scripts and attackers send. */
final class AuthenticationTest {

  private final InMemoryApiKeys keys = new InMemoryApiKeys();
  private final KeyRing ring = new KeyRing(keys, Clock.systemUTC());
  private final Authentication locked = new Authentication("s3cret", ring);
  private final Authentication open = new Authentication("", ring);

  private static HttpRequest with(String authorization) {
    return HttpRequest.GET("http://localhost/v1/models")
        .addHeader(RawHeader.create("Authorization", authorization));
  }

  private static String who(Authentication authentication, HttpRequest request) {
    return authentication
        .principal(request)
        .toCompletableFuture()
        .join()
        .map(Principal::type)
        .orElse("nobody");
  }

  private KeySecret key(Optional<Instant> expires) {
    var secret = KeySecret.next();
    keys.add(
        new ApiKey(
            Ids.next(),
            "a key",
            secret.prefix(),
            Set.of(Scope.READ),
            expires,
            Optional.empty(),
            Optional.empty(),
            "gateway",
            Instant.now()),
        secret);
    return secret;
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer s3cret, gateway",
    "bearer s3cret, gateway",
    "BEARER s3cret, gateway",
    "'Bearer  s3cret ', gateway",
    "Bearer S3CRET, nobody",
    "Bearer s3cre, nobody",
    "Bearer s3crets, nobody",
    "'Bearer ', nobody",
    "Bearer, nobody",
    "Bearers3cret, nobody",
    "s3cret, nobody",
    "Basic s3cret, nobody",
    "'Bearer wrong, Bearer s3cret', nobody",
    "'Bearer s3cret, Bearer wrong', nobody",
    "Bearer null, nobody",
    "'Bearer '' OR 1=1--', nobody",
    "'Bearer x''; select pg_sleep(3)--', nobody",
  })
  void theTokenOpens(String authorization, String who) {
    assertEquals(who, who(locked, with(authorization)));
    assertEquals(0, keys.lookups(), "nobody is asked for what cannot be a key");
  }

  @Test
  void whatIsMissingDoesNotOpen() {
    assertEquals("nobody", who(locked, HttpRequest.GET("http://localhost/v1/models")));
  }

  @Test
  void aTokenInTheAddressDoesNotOpen() {
    var request = HttpRequest.GET("http://localhost/v1/models?token=s3cret&access_token=s3cret");
    assertEquals("nobody", who(locked, request));
  }

  /** Whichever of the two a proxy before us has looked at. */
  @Test
  void ofTwoCredentialsNeitherOpens() {
    var token = RawHeader.create("authorization", "Bearer s3cret");
    assertEquals("nobody", who(locked, with("Bearer s3cret").addHeader(token)));
    assertEquals("nobody", who(open, with("Bearer s3cret").addHeader(token)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer any", "Bearer sk-1234", "Basic YTpi", "Bearer goclaw_12"})
  void withoutATokenEverybodyIsAdminWhateverTheySend(String authorization) {
    assertEquals("gateway", who(open, with(authorization)));
    assertEquals("gateway", who(open, HttpRequest.GET("http://localhost/")));
  }

  @Test
  void aKeyIsItsPrincipal() {
    var authorization = with("Bearer " + key(Optional.empty()).reveal());
    assertEquals("api_key", who(locked, authorization));
    assertEquals("api_key", who(open, authorization));
  }

  /** A key that was revoked must not become more than it was. */
  @Test
  void aKeyThatIsNotGoodOpensNothingAnywhere() {
    var expired = with("Bearer " + key(Optional.of(Instant.EPOCH)).reveal());
    var unknown = with("Bearer " + KeySecret.next().reveal());
    for (var authentication : new Authentication[] {locked, open}) {
      assertEquals("nobody", who(authentication, expired));
      assertEquals("nobody", who(authentication, unknown));
    }
  }
}
