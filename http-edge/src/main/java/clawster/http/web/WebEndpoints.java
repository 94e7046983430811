package clawster.http.web;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Access;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.RequestProblems;
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
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * {@code /}, {@code /web/…} and {@code /webjars/NAME/…}. Files come from fixed folders of the class
 * path and are held in memory: there are few.
 */
public final class WebEndpoints {

  private static final String POLICY =
      "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
          + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

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

  private final Map<String, Optional<ByteString>> files = new ConcurrentHashMap<>();
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
        page("/", "The dashboard", _ -> file(OURS + "index.html")),
        page("/favicon.ico", "Its icon", _ -> file(OURS + "favicon.svg")),
        page("/web/{file...}", "Its files", call -> file(OURS + checked(call.variable("file")))),
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
    return file(WEBJARS + call.variable("name") + "/" + version + "/" + file);
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

  private CompletionStage<HttpResponse> file(String name) {
    var bytes =
        files
            .computeIfAbsent(name, WebEndpoints::read)
            .orElseThrow(
                () -> {
                  files.remove(name);
                  return new BadRequest(RequestProblems.notFound(name));
                });
    return CompletableFuture.completedStage(
        HttpResponse.create()
            .withEntity(HttpEntities.create(TYPES.get(ending(name)), bytes))
            .addHeaders(
                List.of(
                    RawHeader.create("Content-Security-Policy", POLICY),
                    RawHeader.create("Referrer-Policy", "no-referrer"),
                    RawHeader.create("Cache-Control", "no-cache"))));
  }

  private static Optional<ByteString> read(String name) {
    try (InputStream in = WebEndpoints.class.getClassLoader().getResourceAsStream(name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(ByteString.fromArrayUnsafe(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
