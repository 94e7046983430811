package clawster.http.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebEndpointsTest {

  private static final WebEndpoints WEB = new WebEndpoints();

  private static HttpResponse get(String path, Map<String, String> variables) {
    return get(HttpRequest.GET(path), path, variables);
  }

  private static HttpResponse get(HttpRequest request, String path, Map<String, String> variables) {
    var endpoint =
        WEB.endpoints().stream().filter(e -> e.path().equals(path)).findFirst().orElseThrow();
    var call =
        new Call(
            request,
            Principal.GATEWAY,
            variables,
            ByteString.emptyByteString(),
            "r1",
            new CompletableFuture<>());
    return endpoint.handler().handle(call).toCompletableFuture().join();
  }

  private static HttpResponse file(String name) {
    return get("/web/{file...}", Map.of("file", name));
  }

  private static HttpResponse library(String name, String file) {
    return get("/webjars/{name}/{file...}", Map.of("name", name, "file", file));
  }

  private static String text(HttpResponse response) {
    return ((HttpEntity.Strict) response.entity()).getData().utf8String();
  }

  @ParameterizedTest
  @CsvSource({
    "app.js, text/javascript; charset=UTF-8",
    "style.css, text/css; charset=UTF-8",
    "favicon.svg, image/svg+xml",
    "messages/en.js, text/javascript; charset=UTF-8",
    "index.html, text/html; charset=UTF-8",
  })
  void aFileHasItsType(String name, String type) {
    var response = file(name);
    assertEquals(200, response.status().intValue());
    assertEquals(type, response.entity().getContentType().toString());
    assertFalse(text(response).isBlank());
  }

  @ParameterizedTest
  @ValueSource(strings = {"preact", "marked", "dompurify"})
  void librariesAreServedInTheVersionThatCameAlong(String name) {
    var response = library(name, "package.json");
    assertEquals(200, response.status().intValue());
    assertTrue(text(response).contains("\"name\": \"" + name + "\""), text(response));
  }

  @Test
  void whoHasAFileAlreadyIsToldSo() {
    var path = "/web/{file...}";
    var variables = Map.of("file", "app.js");
    var tag = header(get(path, variables), "ETag");
    assertTrue(tag.matches("\"[0-9a-f]{32}\""), tag);
    var known = HttpRequest.GET(path).addHeader(RawHeader.create("If-None-Match", tag));
    var again = get(known, path, variables);
    assertEquals(304, again.status().intValue());
    assertEquals("", text(again));
    assertEquals(tag, header(again, "ETag"));
    assertEquals(200, get(known, path, Map.of("file", "api.js")).status().intValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/cluster", "/packages", "/pairing", "/docs"})
  void everyPathAPageNamesIsThere(String path) {
    var page = text(get(path, Map.of()));
    var names = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page);
    int found = 0;
    while (names.find()) {
      var name = names.group(1);
      if (name.startsWith("/web/")) {
        assertEquals(200, file(name.substring("/web/".length())).status().intValue(), name);
        found++;
      } else {
        var parts = name.split("/", 4);
        assertEquals("webjars", parts[1], name);
        assertEquals(200, library(parts[2], parts[3]).status().intValue(), name);
      }
    }
    assertTrue(found > 0, page);
  }

  @Test
  void theDocumentsPageIsFoundAsSomeWriteIt() {
    var response = get("/docs/", Map.of());
    assertEquals(308, response.status().intValue());
    assertEquals("/docs", header(response, "Location"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"index.html", "oauth2-redirect.html"})
  void aLibrarysOwnPagesAreNotServed(String file) {
    var bad = assertThrows(BadRequest.class, () -> library("swagger-ui", file));
    assertEquals("request.not_found", bad.problem().code());
  }

  @Test
  void aPageHasNoScriptOfItsOwn() {
    for (var page : List.of("/", "/cluster", "/packages", "/pairing", "/docs")) {
      var text = text(get(page, Map.of()));
      assertTrue(text.contains("<script"), text);
      assertFalse(text.matches("(?s).*<script[^>]*>[^<].*"), text);
      assertFalse(text.contains("<style"), text);
    }
  }

  @Test
  void thePageRunsNobodyElsesCode() {
    for (var response :
        List.of(
            get("/", Map.of()),
            get("/cluster", Map.of()),
            get("/packages", Map.of()),
            get("/pairing", Map.of()),
            get("/docs", Map.of()),
            file("app.js"))) {
      var directives = new HashMap<String, String>();
      for (var directive : header(response, "Content-Security-Policy").split(";\\s*")) {
        directives.put(directive.split(" ", 2)[0], directive.split(" ", 2)[1]);
      }
      assertEquals("'self'", directives.get("default-src"));
      assertEquals("'self'", directives.get("script-src"));
      assertEquals("'none'", directives.get("frame-ancestors"));
      assertEquals("'none'", directives.get("base-uri"));
    }
  }

  private static String header(HttpResponse response, String name) {
    return response.getHeader(name).map(HttpHeader::value).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        ".",
        "..",
        "../web/app.js",
        "../../application.conf",
        "messages/../app.js",
        "messages/../../../application.conf",
        "./app.js",
        "/app.js",
        "/etc/passwd",
        "//app.js",
        "messages//en.js",
        "app.js/",
        "messages",
        "messages/",
        "..\\app.js",
        "app.js\u0000.html",
        "%2e%2e/app.js",
        ".hidden",
        "nothing.js",
        "APP.JS"
      })
  void noPathLeavesItsFolderOrListsOne(String name) {
    var bad = assertThrows(BadRequest.class, () -> file(name));
    assertEquals("request.not_found", bad.problem().code());
  }

  @ParameterizedTest
  @CsvSource({
    "preact, ../10.27.2/package.json",
    "preact, dist",
    "preact, ''",
    "jquery, package.json",
    ".., package.json",
    "'', package.json",
    "preact/10.27.2, package.json",
  })
  void noLibraryLeavesItsFolder(String name, String file) {
    var bad = assertThrows(BadRequest.class, () -> library(name, file));
    assertEquals("request.not_found", bad.problem().code());
  }

  @Test
  void whoHasNoTokenYetCanLoadThePageThatAsksForIt() {
    assertTrue(WEB.endpoints().stream().map(Endpoint::access).allMatch(Access.PUBLIC::equals));
  }
}
