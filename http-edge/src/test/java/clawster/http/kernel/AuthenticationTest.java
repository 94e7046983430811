package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Principal;
import clawster.runtime.identity.Scope;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Ids;
import clawster.runtime.pairing.Device;
import clawster.runtime.pairing.InMemoryPairings;
import clawster.runtime.pairing.PairingCode;
import clawster.runtime.pairing.PairingCommand;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a request is. Rows are what SDKs, scripts and attackers send. */
final class AuthenticationTest {

  private final InMemoryApiKeys keys = new InMemoryApiKeys();
  private final InMemoryPairings pairings = new InMemoryPairings();
  private final KeyRing<KeySecret> ring = new KeyRing<>(keys, Clock.systemUTC());
  private final KeyRing<SenderId> devices = new KeyRing<>(pairings, Clock.systemUTC());
  private final Authentication locked = new Authentication("s3cret", ring, devices);
  private final Authentication open = new Authentication("", ring, devices);

  private static HttpRequest with(String authorization) {
    return HttpRequest.GET("http://localhost/v1/models")
        .addHeader(RawHeader.create("Authorization", authorization));
  }

  private static String who(Authentication authentication, HttpRequest request) {
    return authentication
        .principal(Shown.by(request))
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

  private SenderId paired() {
    var sender = SenderId.next();
    var now = Instant.now();
    var code = PairingCode.next();
    for (var command :
        List.of(
            new PairingCommand.Request(Device.browser(sender, "here"), code, now),
            new PairingCommand.Approve(code, "gateway", Set.of(Scope.ADMIN), now))) {
      pairings
          .tell(command, action -> AuditEntry.of(action, Actor.ANYBODY, Optional.empty(), now))
          .toCompletableFuture()
          .join();
    }
    return sender;
  }

  private static HttpRequest from(String sender, String authorization) {
    var request =
        HttpRequest.GET("http://localhost/v1/models")
            .addHeader(RawHeader.create("X-GoClaw-Sender-Id", sender));
    return authorization.isEmpty()
        ? request
        : request.addHeader(RawHeader.create("Authorization", authorization));
  }

  /** Who shows a token or a key is judged by that alone, right or wrong. */
  @ParameterizedTest
  @CsvSource({
    "'', device",
    "'Bearer ', device",
    "Basic YTpi, device",
    "Bearer s3cret, gateway",
    "Bearer wrong, nobody",
    "Bearer goclaw_00000000000000000000000000000000, nobody",
  })
  void aPairedBrowserIsADevice(String authorization, String who) {
    assertEquals(who, who(locked, from(paired().reveal(), authorization)));
  }

  @Test
  void aDeviceIsADeviceAlsoWhereEverybodyIsAdmin() {
    assertEquals("device", who(open, from(paired().reveal(), "")));
    assertEquals("device", who(open, from(paired().reveal(), "Bearer any")));
  }

  /** A browser that was revoked must not become more than it was. */
  @Test
  void anUnknownSenderIdOfOursOpensNothingAnywhere() {
    var unknown = from(SenderId.next().reveal(), "");
    assertEquals("nobody", who(locked, unknown));
    assertEquals("nobody", who(open, unknown));
    assertEquals("gateway", who(locked, from(SenderId.next().reveal(), "Bearer s3cret")));
  }

  /** What lists show of it, and what is no sender id of ours, such as those of chats. */
  @Test
  void whatOthersKnowOfADeviceOpensNothing() {
    for (var sender : List.of(paired().shown(), "1234567", "", "telegram-42", "browser-")) {
      assertEquals("nobody", who(locked, from(sender, "")), sender);
      assertEquals("gateway", who(open, from(sender, "")), sender);
    }
  }

  @Test
  void ofTwoSenderIdsNeitherOpens() {
    var twice =
        from(paired().reveal(), "")
            .addHeader(RawHeader.create("x-goclaw-sender-id", paired().reveal()));
    assertEquals("nobody", who(locked, twice));
    assertEquals("nobody", who(open, twice));
  }

  @Test
  void aDeviceMayReadAndWriteAndNothingElse() {
    var device =
        locked
            .principal(Shown.by(from(paired().reveal(), "")))
            .toCompletableFuture()
            .join()
            .orElseThrow();
    assertEquals(Set.of(Scope.READ, Scope.WRITE), device.scopes());
    assertEquals(
        List.of(Access.PUBLIC, Access.READ, Access.WRITE),
        Stream.of(Access.values()).filter(access -> access.allows(device)).toList());
  }
}
