package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.http.kernel.Endpoint.Access;
import clawster.runtime.kernel.Problem;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in. Rows are what browsers, scripts and attackers send. */
final class GuardTest {

  private static final Guard OPEN =
      new Guard("", Set.of("host.docker.internal"), Set.of("https://chat.example.org"));
  private static final Guard LOCKED = new Guard("s3cret", Set.of(), Set.of());

  private static HttpRequest to(String authority) {
    return HttpRequest.GET("http://" + authority + "/v1/models")
        .addHeader(RawHeader.create("Host", authority));
  }

  private static String verdict(Guard guard, HttpRequest request) {
    return guard.check(request, Access.TOKEN).map(Problem::code).orElse("comes in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:18790",
        "LOCALHOST:18790",
        "app.localhost",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.1.2.3",
        "[::1]",
        "[::1]:18790",
        "[0:0:0:0:0:0:0:1]:18790",
        "host.docker.internal:18790",
        "Host.Docker.Internal"
      })
  void ourNamesComeIn(String authority) {
    assertEquals("comes in", verdict(OPEN, to(authority)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.com",
        "localhost.evil.com",
        "evil-localhost",
        "notlocalhost",
        "127.0.0.1.evil.com",
        "127.evil.com",
        "127.0.0.1.nip.io",
        "host.docker.internal.evil.com",
        "xhost.docker.internal",
        "localhost@evil.com",
        "localhost.",
        "0.0.0.0",
        "10.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]"
      })
  void namesThatARebindingAttackCouldUseAreTurnedAway(String authority) {
    assertEquals("request.host", verdict(OPEN, to(authority)));
  }

  @Test
  void theHostIsCheckedWhereNoTokenIsNeededToo() {
    assertEquals(
        "request.host", OPEN.check(to("evil.com"), Access.PUBLIC).map(Problem::code).orElseThrow());
  }

  @Test
  void allowedHostsAreNamesInAnyCase() {
    var guard = new Guard("", Set.of("Claw.Example.org"), Set.of("https://Chat.Example.org"));
    assertEquals("comes in", verdict(guard, to("claw.example.ORG")));
    assertEquals(
        "comes in",
        verdict(
            guard,
            to("localhost").addHeader(RawHeader.create("Origin", "https://chat.example.org"))));
  }

  @Test
  void anAllowedOriginMayBeWrittenLikeAnAddress() {
    var guard = new Guard("", Set.of(), Set.of("https://chat.example.org/"));
    var origin = RawHeader.create("Origin", "https://chat.example.org");
    assertEquals("comes in", verdict(guard, to("localhost").addHeader(origin)));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:18790, http://localhost:18790",
    "127.0.0.1:18790, http://127.0.0.1:18790",
    "[::1]:18790, http://[::1]:18790",
    "localhost, http://localhost",
    "localhost:18790, https://chat.example.org",
  })
  void ourOwnOriginAndAllowedOnesComeIn(String authority, String origin) {
    var request = to(authority).addHeader(RawHeader.create("Origin", origin));
    assertEquals("comes in", verdict(OPEN, request));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "http://evil.com",
        "https://localhost:18790",
        "http://localhost",
        "http://localhost:18791",
        "http://localhost:18790.evil.com",
        "http://localhost:18790@evil.com",
        "http://localhost:18790/",
        "http://localhost:18790 http://evil.com",
        "http://evil.com http://localhost:18790",
        "http://127.0.0.1:18790",
        "https://chat.example.org.evil.com",
        "http://chat.example.org",
        "https://chat.example.org:8443",
        "file://",
        ""
      })
  void otherOriginsAreTurnedAway(String origin) {
    var request = to("localhost:18790").addHeader(RawHeader.create("Origin", origin));
    assertEquals("request.origin", verdict(OPEN, request));
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer s3cret, comes in",
    "bearer s3cret, comes in",
    "BEARER s3cret, comes in",
    "'Bearer  s3cret ', comes in",
    "Bearer S3CRET, request.unauthorized",
    "Bearer s3cre, request.unauthorized",
    "Bearer s3crets, request.unauthorized",
    "'Bearer ', request.unauthorized",
    "Bearer, request.unauthorized",
    "Bearers3cret, request.unauthorized",
    "s3cret, request.unauthorized",
    "Basic s3cret, request.unauthorized",
    "'Bearer wrong, Bearer s3cret', request.unauthorized",
    "'Bearer s3cret, Bearer wrong', request.unauthorized",
    "Bearer null, request.unauthorized",
  })
  void theTokenOpens(String authorization, String verdict) {
    var request = to("localhost").addHeader(RawHeader.create("Authorization", authorization));
    assertEquals(verdict, verdict(LOCKED, request));
  }

  @Test
  void aMissingTokenDoesNotOpen() {
    assertEquals("request.unauthorized", verdict(LOCKED, to("localhost")));
  }

  @Test
  void aTokenInTheAddressDoesNotOpen() {
    var request = HttpRequest.GET("http://localhost/v1/models?token=s3cret&access_token=s3cret");
    assertEquals("request.unauthorized", verdict(LOCKED, request));
  }

  @Test
  void withoutATokenEverybodyIsAdminWhateverTheySend() {
    var request = to("localhost").addHeader(RawHeader.create("Authorization", "Bearer any"));
    assertEquals("comes in", verdict(OPEN, request));
  }

  @Test
  void theTokenDoesNotOpenForeignOrigins() {
    var request =
        to("localhost")
            .addHeader(RawHeader.create("Authorization", "Bearer s3cret"))
            .addHeader(RawHeader.create("Origin", "http://evil.com"));
    assertEquals("request.origin", verdict(LOCKED, request));
  }
}
