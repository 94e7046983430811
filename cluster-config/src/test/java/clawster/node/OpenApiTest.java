package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.openapi.OpenApi;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The document on the API that a node serves. */
final class OpenApiTest {

  private static final Path GOLDEN = Path.of("..", "docs", "openapi.json");

  private static final JsonNode DOCUMENT = OpenApi.document("dev", Served.operations());

  /** Whoever changes the API sees here, and in the review, what it becomes for its callers. */
  @Test
  void theDocumentIsTheOneThatWasReviewed() throws IOException {
    var written = new ObjectMapper().writer(printer()).writeValueAsString(DOCUMENT) + "\n";
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(GOLDEN, written);
    }
    assertEquals(
        Files.readString(GOLDEN),
        written,
        "docs/openapi.json is not what endpoints say; if they are right, write it anew: mvn -pl"
            + " cluster-config -am test -Dtest=OpenApiTest -Dgolden=write"
            + " -Dsurefire.failIfNoSpecifiedTests=false");
  }

  private static PrettyPrinter printer() {
    var indenter = new DefaultIndenter("  ", "\n");
    var separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }

  @Test
  void itIsValidOpenApi() {
    var options = new ParseOptions();
    options.setResolve(true);
    var read = new OpenAPIV3Parser().readContents(DOCUMENT.toString(), List.of(), options);
    assertEquals(List.of(), read.getMessages());
    assertEquals("3.0.3", read.getOpenAPI().getOpenapi());
    int operations =
        read.getOpenAPI().getPaths().values().stream()
            .mapToInt(path -> path.readOperations().size())
            .sum();
    assertEquals(Served.operations().size(), operations);
  }

  @Test
  void theValidatorFindsWhatIsNotValid() {
    var wrong = DOCUMENT.<ObjectNode>deepCopy();
    wrong.withObject("/paths/~1health/get").remove("responses");
    var read = new OpenAPIV3Parser().readContents(wrong.toString(), List.of(), new ParseOptions());
    assertTrue(!read.getMessages().isEmpty());
  }

  @Test
  void everyOperationHasAnIdOfItsOwn() {
    var ids = DOCUMENT.findValuesAsText("operationId");
    assertEquals(Served.operations().size(), ids.size());
    assertEquals(ids.size(), new HashSet<>(ids).size());
    assertTrue(ids.contains("getV1SessionsByKeyEvents"), ids.toString());
  }

  @Test
  void itSaysWhoMay() {
    var open = DOCUMENT.at("/paths/~1health/get");
    assertEquals("public", open.at("/x-clawster-access").asText());
    assertTrue(open.at("/security").isEmpty());
    var read = DOCUMENT.at("/paths/~1v1~1sessions/get");
    assertEquals("read", read.at("/x-clawster-access").asText());
    assertEquals(
        "[\"operator.admin\",\"operator.write\",\"operator.read\"]",
        read.at("/x-clawster-scopes").toString());
    assertTrue(read.at("/security/0/bearer").isArray());
    assertTrue(read.at("/security/1/sender_id").isArray(), "either of them");
    assertEquals(
        "X-GoClaw-Sender-Id", DOCUMENT.at("/components/securitySchemes/sender_id/name").asText());
    var admin = DOCUMENT.at("/paths/~1v1~1config/get/security");
    assertEquals("[{\"bearer\":[]}]", admin.toString(), "no browser is an admin");
    assertTrue(read.at("/responses/401/description").asText().contains("request.unauthorized"));
    assertTrue(open.at("/responses/401").isMissingNode());
  }

  @Test
  void eachDialectHasItsOwnRefusals() {
    assertEquals(
        "#/components/schemas/OpenAiError",
        DOCUMENT
            .at("/paths/~1v1~1models/get/responses/401/content/application~1json/schema/$ref")
            .asText());
    assertEquals(
        "#/components/schemas/Error",
        DOCUMENT
            .at("/paths/~1v1~1sessions/get/responses/401/content/application~1json/schema/$ref")
            .asText());
    // OpenAI's clients would ask again after a 409.
    var chat = DOCUMENT.at("/paths/~1v1~1chat~1completions/post/responses");
    assertTrue(chat.at("/409").isMissingNode());
    assertTrue(chat.at("/422/description").asText().contains("`session.busy`"));
  }
}
