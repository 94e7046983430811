package clawster.http.web;

import clawster.http.contract.Content;
import clawster.http.contract.Parameter;
import clawster.http.contract.Schema;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Draft;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.RequestProblems;
import clawster.http.kernel.Tagged;
import clawster.runtime.identity.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The pages, {@code /web/…} and {@code /webjars/NAME/…}. Files come from fixed folders of the class
 * path and are held in memory: there are few.
 */
public final class WebEndpoints {

  private static final String POLICY =
      "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
          + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

  /** Plain segments only, so that no path leaves its folder. */
  private static final Pattern FILE =
      Pattern.compile("(?:[A-Za-z0-9_@-][A-Za-z0-9._@-]*/)*[A-Za-z0-9_@-][A-Za-z0-9._@-]*");

  /** And who packs them. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "preact", "org.webjars.npm",
          "marked", "org.webjars.npm",
          "dompurify", "org.webjars.npm",
          "swagger-ui", "org.webjars");

  private static final Chapter PAGES =
      new Chapter("Pages", "The dashboard, for browsers, and its files.", Dialect.GOCLAW);

  private static final Parameter FILE_OF =
      Parameter.path("file", Schema.text(), "Names of folders and the file's, with slashes");

  private static final String OURS = "clawster/web/";
  private static final String WEBJARS = "META-INF/resources/webjars/";

  private static final Map<String, ContentType> TYPES =
      Map.of(
          "html", ContentTypes.TEXT_HTML_UTF8,
          "css", ContentTypes.parse("text/css; charset=UTF-8"),
          "js", ContentTypes.parse("text/javascript; charset=UTF-8"),
          "json", ContentTypes.APPLICATION_JSON,
          "svg", ContentTypes.parse("image/svg+xml"),
          "map", ContentTypes.APPLICATION_JSON,
          "png", ContentTypes.parse("image/png"),
          "woff2", ContentTypes.parse("font/woff2"));

  private static final HttpResponse MOVED =
      HttpResponse.create()
          .withStatus(StatusCodes.PERMANENT_REDIRECT)
          .addHeader(RawHeader.create("Location", "/docs"));

  private final Map<String, Optional<Tagged>> files = new ConcurrentHashMap<>();
  private final Map<String, String> webjars;

  /** Reads which version of each library is on the class path. */
  public WebEndpoints() {
    this.webjars =
        LIBRARIES.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, WebEndpoints::version));
  }

  private static String version(Map.Entry<String, String> library) {
    var properties = new Properties();
    try (InputStream in =
        WebEndpoints.class
            .getClassLoader()
            .getResourceAsStream(
                "META-INF/maven/%s/%s/pom.properties"
                    .formatted(library.getValue(), library.getKey()))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  public List<Endpoint> endpoints() {
    return List.of(
        page("/", "The dashboard", "index.html"),
        page("/cluster", "The nodes, and what they do", "cluster.html"),
        page("/packages", "What agents have to work with", "packages.html"),
        page("/pairing", "Which browsers are let in", "pairing.html"),
        page("/docs", "The document on this API, to read and to try", "docs.html"),
        PAGES
            .get("/docs/", Access.PUBLIC, "The same, as some write it")
            .answers(308, "It is at `/docs`")
            .servedBy(_ -> CompletableFuture.completedStage(MOVED)),
        asset("/favicon.ico", "Their icon", "image/svg+xml")
            .servedBy(call -> file(call, OURS + "favicon.svg")),
        asset("/web/{file...}", "Their files", "*/*")
            .takes(FILE_OF)
            .refuses(RequestProblems.NOT_FOUND)
            .servedBy(call -> file(call, OURS + checked(call.variable("file")))),
        asset("/webjars/{name}/{file...}", "Their libraries", "*/*")
            .takes(Parameter.path("name", Schema.text(), "The library's"), FILE_OF)
            .refuses(RequestProblems.NOT_FOUND)
            .servedBy(this::library));
  }

  private Endpoint page(String path, String summary, String file) {
    return asset(path, summary, "text/html").servedBy(call -> file(call, OURS + file));
  }

  private static Draft asset(String path, String summary, String mediaType) {
    return PAGES
        .get(path, Access.PUBLIC, summary)
        .takes(Tagged.KNOWN)
        .answers(200, "It", Content.media(mediaType))
        .answers(304, "It is what you have");
  }

  private CompletionStage<HttpResponse> library(Call call) {
    var version = webjars.get(call.variable("name"));
    var file = checked(call.variable("file"));
    // A library's own pages are made to be shown somewhere else, and load what they are told to.
    if (version == null || ending(file).equals("html")) {
      throw new BadRequest(RequestProblems.notFound(file));
    }
    return file(call, WEBJARS + call.variable("name") + "/" + version + "/" + file);
  }

  /** A file that has a type: folders, which the class path would list, have none. */
  private static String checked(String file) {
    if (!FILE.matcher(file).matches() || !TYPES.containsKey(ending(file))) {
      throw new BadRequest(RequestProblems.notFound(file));
    }
    return file;
  }

  private static String ending(String file) {
    return file.substring(file.lastIndexOf('.') + 1);
  }

  private CompletionStage<HttpResponse> file(Call call, String name) {
    var file =
        files
            .computeIfAbsent(name, WebEndpoints::read)
            .orElseThrow(
                () -> {
                  files.remove(name);
                  return new BadRequest(RequestProblems.notFound(name));
                });
    return CompletableFuture.completedStage(
        file.answer(call).addHeaders(List.of(RawHeader.create("Content-Security-Policy", POLICY))));
  }

  private static Optional<Tagged> read(String name) {
    try (InputStream in = WebEndpoints.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        return Optional.empty();
      }
      return Optional.of(Tagged.of(in.readAllBytes(), TYPES.get(ending(name))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
