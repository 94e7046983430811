package clawster.http.openapi;

import clawster.http.contract.Body;
import clawster.http.contract.Content;
import clawster.http.contract.Parameter;
import clawster.http.contract.Response;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Language;
import clawster.http.kernel.Operation;
import clawster.http.kernel.Refusals;
import clawster.http.kernel.Sentences;
import clawster.http.kernel.Transport;
import clawster.runtime.identity.Scope;
import clawster.runtime.kernel.Problem;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A list of operations as an OpenAPI document. */
public final class OpenApi {

  private static final String ABOUT =
      """
      A field that is null in a request is as if it were absent, and one that is not named here \
      is ignored. Refusals are sentences in the language of `Accept-Language` (en, vi, zh). Beyond \
      the codes given here, what is no proper HTTP is refused with 400, 414, 431 or 501, a path \
      there is not with 404, and a method that a path does not take with 405. `Retry-After` says \
      when to come again, where that is worth it, and `x-request-id` what our log calls the \
      request. Where no gateway token is set, no credential is needed.\
      """;

  private static final JsonPointer JSON_CONTENT =
      JsonPointer.compile("/content/" + Body.MEDIA_TYPE.replace("/", "~1"));

  private final Components components = new Components();

  private OpenApi() {}

  /**
   * @param version of the program
   */
  public static ObjectNode document(String version, List<Operation> operations) {
    return new OpenApi().of(version, operations);
  }

  private ObjectNode of(String version, List<Operation> operations) {
    var root = node().put("openapi", "3.0.3");
    root.set("info", info(version));
    root.putArray("servers").addObject().put("url", "/");
    var tags = root.putArray("tags");
    operations.stream()
        .map(Operation::chapter)
        .distinct()
        .forEach(
            chapter ->
                tags.addObject()
                    .put("name", chapter.name())
                    .put("description", chapter.description()));
    var paths = root.putObject("paths");
    for (var operation : operations) {
      paths
          .withObjectProperty(operation.path().replace("...}", "}"))
          .set(method(operation), operation(operation));
    }
    var shared = root.putObject("components");
    shared.set("schemas", components.schemas());
    shared.set("securitySchemes", securitySchemes());
    return root;
  }

  private static ObjectNode info(String version) {
    var info = node().put("title", "Clawster").put("version", version).put("description", ABOUT);
    info.putObject("license")
        .put("name", "Apache License 2.0")
        .put("url", "https://www.apache.org/licenses/LICENSE-2.0");
    return info;
  }

  private static ObjectNode securitySchemes() {
    var schemes = node();
    for (var transport : Transport.values()) {
      schemes.set(
          name(transport),
          switch (transport) {
            case BEARER ->
                node()
                    .put("type", "http")
                    .put("scheme", "bearer")
                    .put("description", "The gateway token, or an API key");
            case SENDER_ID ->
                node()
                    .put("type", "apiKey")
                    .put("in", "header")
                    .put("name", Authentication.SENDER_HEADER)
                    .put("description", "What a paired browser is known by");
          });
    }
    return schemes;
  }

  private static String name(Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  private static String method(Operation operation) {
    return operation.method().value().toLowerCase(Locale.ROOT);
  }

  private ObjectNode operation(Operation operation) {
    var node = node();
    node.putArray("tags").add(operation.chapter().name());
    node.put("summary", operation.summary()).put("operationId", id(operation));
    if (!operation.parameters().isEmpty()) {
      var parameters = node.putArray("parameters");
      operation.parameters().forEach(parameter -> parameters.add(parameter(parameter)));
    }
    operation.body().ifPresent(body -> node.set("requestBody", body(body)));
    node.set("responses", responses(operation));
    var security = node.putArray("security");
    operation.transports().forEach(transport -> security.addObject().putArray(name(transport)));
    node.put("x-clawster-access", operation.access().name().toLowerCase(Locale.ROOT));
    var scopes = node.putArray("x-clawster-scopes");
    Arrays.stream(Scope.values())
        .filter(scope -> operation.access().allows(Set.of(scope)))
        .map(Scope::wireName)
        .forEach(scopes::add);
    return node;
  }

  /** {@code getV1SessionsByKeyEvents}, for what is generated from the document. */
  static String id(Operation operation) {
    return method(operation)
        + Arrays.stream(operation.path().replaceAll("/$", "/slash").split("/"))
            .map(segment -> segment.replace("{", "by-").replaceAll("[^A-Za-z0-9-]", "-"))
            .flatMap(segment -> Arrays.stream(segment.split("-")))
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
  }

  private ObjectNode parameter(Parameter parameter) {
    var node =
        node()
            .put("name", parameter.name())
            .put("in", parameter.place().name().toLowerCase(Locale.ROOT))
            .put("required", parameter.required())
            .put("description", parameter.description());
    return node.set("schema", components.of(parameter.schema()));
  }

  private ObjectNode body(Body body) {
    var node = node().put("required", true);
    var content = node.putObject("content").putObject(Body.MEDIA_TYPE);
    content.set("schema", components.of(body.schema()));
    content.set("example", json(body.example()));
    return node;
  }

  private static JsonNode json(String text) {
    try {
      return JsonBody.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(text, e);
    }
  }

  private ObjectNode responses(Operation operation) {
    var all = new TreeMap<Integer, ObjectNode>();
    operation.answers().forEach(answer -> all.put(answer.status(), response(answer)));
    operation
        .problems()
        .forEach(
            (status, problems) ->
                all.merge(status, refusal(operation, problems), OpenApi::eitherOf));
    var node = node();
    all.forEach((status, response) -> node.set(status.toString(), response));
    return node;
  }

  /** What failed may say more of it than a refusal does, under the same status. */
  private static ObjectNode eitherOf(ObjectNode answer, ObjectNode refusal) {
    var schemas = node();
    var any = schemas.putArray("anyOf");
    Stream.of(answer, refusal).forEach(one -> any.add(one.at(JSON_CONTENT).get("schema")));
    answer.withObject(JSON_CONTENT).set("schema", schemas);
    return answer.put(
        "description",
        answer.get("description").asText() + "\n\n" + refusal.get("description").asText());
  }

  private ObjectNode response(Response response) {
    var node = node().put("description", response.description());
    if (!response.contents().isEmpty()) {
      var contents = node.putObject("content");
      response.contents().forEach(content -> put(contents, content));
    }
    return node;
  }

  private void put(ObjectNode contents, Content content) {
    contents.putObject(content.mediaType()).set("schema", components.of(content.schema()));
  }

  private ObjectNode refusal(Operation operation, List<Problem> problems) {
    var node =
        node()
            .put(
                "description",
                problems.stream().map(OpenApi::line).collect(Collectors.joining("\n")));
    put(node.putObject("content"), Content.json(Refusals.schema(operation.chapter().dialect())));
    return node;
  }

  private static String line(Problem problem) {
    return "* `%s`: %s".formatted(problem.code(), Sentences.of(problem, Language.EN));
  }

  private static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }
}
