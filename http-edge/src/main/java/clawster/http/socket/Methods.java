package clawster.http.socket;

import clawster.http.kernel.Authentication;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.JsonBody;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** All methods, besides {@code connect}, which comes before them. */
final class Methods {

  static final List<Method> ALL =
      List.of(
          Method.of("health", "GET /health"),
          Method.of("device.pair.list", "GET /v1/pairing"),
          Method.of("device.pair.approve", "POST /v1/pairing/approve"),
          Method.of("device.pair.deny", "POST /v1/pairing/deny"),
          Method.of("device.pair.revoke", "POST /v1/pairing/revoke"),
          Method.of("quota.usage", "GET /v1/quota/usage"),
          new Method("browser.pairing.status", "GET /v1/pairing/status", Methods::sender));

  private final Map<String, Method> methods;
  private final Map<String, Endpoint> endpoints;

  /**
   * @param endpoints among them those of all methods
   */
  Methods(Collection<Endpoint> endpoints) {
    this.methods = ALL.stream().collect(Collectors.toMap(Method::name, Function.identity()));
    this.endpoints =
        endpoints.stream()
            .collect(
                Collectors.toMap(endpoint -> endpoint.operation().name(), Function.identity()));
  }

  Optional<Method> find(String name) {
    return Optional.ofNullable(methods.get(name));
  }

  /** That of a method, or another by its name. */
  Endpoint endpoint(String operation) {
    return endpoints.get(operation);
  }

  private static List<HttpHeader> sender(JsonBody params) {
    return params.line("sender_id").stream()
        .<HttpHeader>map(sender -> RawHeader.create(Authentication.SENDER_HEADER, sender))
        .toList();
  }
}
