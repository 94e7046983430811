package clawster.http.web;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
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
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * {@code /}, {@code /cluster}, {@code /web/…} and {@code /webjars/NAME/…}. Files come from fixed
 * folders of the class path and are held in memory: there are few.
 */
public final class WebEndpoints {

  private static final String POLICY =
      "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
          + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

  /**
   * @param tag changes with the bytes
   */
  private record File(ByteString bytes, String tag) {}

  /** Plain segments only, so that no path leaves its folder. */
  private static final Pattern FILE =
      Pattern.compile("(?:[A-Za-z0-9_@-][A-Za-z0-9._@-]*/)*[A-Za-z0-9_@-][A-Za-z0-9._@-]*");

  private static final List<String> LIBRARIES = List.of("preact", "marked", "dompurify");

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

  private final Map<String, Optional<File>> files = new ConcurrentHashMap<>();
  private final Map<String, String> webjars;

  /** Reads which version of each library is on the class path. */
  public WebEndpoints() {
    this.webjars =
        LIBRARIES.stream()
            .collect(Collectors.toUnmodifiableMap(name -> name, WebEndpoints::version));
  }

  private static String version(String library) {
    var properties = new Properties();
    try (InputStream in =
        WebEndpoints.class
            .getClassLoader()
            .getResourceAsStream("META-INF/maven/org.webjars.npm/" + library + "/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  public List<Endpoint> endpoints() {
    return List.of(
        page("/", "The dashboard", call -> file(call, OURS + "index.html")),
        page("/cluster", "The nodes, and what they do", call -> file(call, OURS + "cluster.html")),
        page("/favicon.ico", "Its icon", call -> file(call, OURS + "favicon.svg")),
        page(
            "/web/{file...}",
            "Its files",
            call -> file(call, OURS + checked(call.variable("file")))),
        page("/webjars/{name}/{file...}", "Its libraries", this::library));
  }

  private static Endpoint page(String path, String summary, Endpoint.Handler handler) {
    return new Endpoint(HttpMethods.GET, path, summary, Dialect.GOCLAW, Access.PUBLIC, 0, handler);
  }

  private CompletionStage<HttpResponse> library(Call call) {
    var version = webjars.get(call.variable("name"));
    var file = checked(call.variable("file"));
    if (version == null) {
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
    var isKnown = call.header("If-None-Match").filter(known -> known.contains(file.tag()));
    var response =
        isKnown.isPresent()
            ? HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED)
            : HttpResponse.create()
                .withEntity(HttpEntities.create(TYPES.get(ending(name)), file.bytes()));
    return CompletableFuture.completedStage(
        response.addHeaders(
            List.of(
                RawHeader.create("ETag", file.tag()),
                RawHeader.create("Content-Security-Policy", POLICY),
                RawHeader.create("Cache-Control", "no-cache"))));
  }

  private static String tag(byte[] bytes) {
    return '"' + HexFormat.of().formatHex(Sha256.digest().digest(bytes), 0, 16) + '"';
  }

  private static Optional<File> read(String name) {
    try (InputStream in = WebEndpoints.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        return Optional.empty();
      }
      var bytes = in.readAllBytes();
      return Optional.of(new File(ByteString.fromArrayUnsafe(bytes), tag(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
