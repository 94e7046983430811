package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.kernel.Problem;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in. Rows are what browsers, scripts and attackers send. */
final class GuardTest {

  private static final Guard OPEN =
      new Guard(Set.of("host.docker.internal"), Set.of("https://chat.example.org"));

  private static HttpRequest to(String authority) {
    return HttpRequest.GET("http://" + authority + "/v1/models")
        .addHeader(RawHeader.create("Host", authority));
  }

  private static String verdict(Guard guard, HttpRequest request) {
    return guard.check(request).map(Problem::code).orElse("comes in");
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
  void allowedHostsAreNamesInAnyCase() {
    var guard = new Guard(Set.of("Claw.Example.org"), Set.of("https://Chat.Example.org"));
    assertEquals("comes in", verdict(guard, to("claw.example.ORG")));
    assertEquals(
        "comes in",
        verdict(
            guard,
            to("localhost").addHeader(RawHeader.create("Origin", "https://chat.example.org"))));
  }

  @Test
  void anAllowedOriginMayBeWrittenLikeAnAddress() {
    var guard = new Guard(Set.of(), Set.of("https://chat.example.org/"));
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
    "POST, cross-site, '', request.cross_site",
    "DELETE, cross-site, '', request.cross_site",
    "PATCH, CROSS-SITE, '', request.cross_site",
    "PUT, same-site, '', request.cross_site",
    "POST, nonsense, '', request.cross_site",
    "POST, cross-site, http://localhost:18790, request.cross_site",
    "POST, cross-site, http://evil.com, request.origin",
    "POST, cross-site, https://chat.example.org, comes in",
    "POST, same-origin, http://localhost:18790, comes in",
    "POST, none, '', comes in",
    "POST, '', '', comes in",
    "GET, cross-site, '', comes in",
    "OPTIONS, cross-site, '', comes in",
  })
  void pagesOfOtherSitesChangeNothing(String method, String site, String origin, String verdict) {
    var request = to("localhost:18790").withMethod(HttpMethods.lookup(method).orElseThrow());
    request =
        site.isEmpty() ? request : request.addHeader(RawHeader.create("Sec-Fetch-Site", site));
    request = origin.isEmpty() ? request : request.addHeader(RawHeader.create("Origin", origin));
    assertEquals(verdict, verdict(OPEN, request));
  }
}
