package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that attackers send, and some that they do not: {@code cases.jsonl}. */
final class CasesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Case(String line, boolean allowed, String action, String note) {
    @Override
    public String toString() {
      return note + ": " + line;
    }
  }

  private static List<Case> cases() {
    try (var file = CasesTest.class.getResourceAsStream("cases.jsonl")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(CasesTest::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case read(String line) {
    try {
      var node = JSON.readTree(line);
      var request = node.get("request");
      return new Case(
          request.has("_raw") ? request.get("_raw").asText() : JSON.writeValueAsString(request),
          node.get("expect").asText().equals("allowed"),
          request.path("action").asText(),
          node.get("note").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  static Stream<Case> judgedByTheirWords() {
    return cases().stream().filter(c -> c.allowed() || !c.action().equals("uninstall"));
  }

  /** That these cannot be removed does not follow from their names; see OperationsTest. */
  static Stream<Case> judgedByWhatIsInstalled() {
    return cases().stream().filter(c -> !c.allowed() && c.action().equals("uninstall"));
  }

  @Test
  void theyAreThere() {
    assertTrue(judgedByTheirWords().count() >= 27);
    assertEquals(3, judgedByWhatIsInstalled().count());
  }

  @ParameterizedTest
  @MethodSource("judgedByTheirWords")
  void itIsJudgedAsExpected(Case given) {
    var allowed =
        RequestLine.read(given.line())
            .map(request -> Verdict.of(new Apt().names(), request))
            .filter(Order.class::isInstance)
            .isPresent();
    assertEquals(given.allowed(), allowed);
  }

  @ParameterizedTest
  @MethodSource("judgedByWhatIsInstalled")
  void itIsWellFormed(Case given) throws IOException {
    JsonNode request = JSON.readTree(given.line());
    assertTrue(new Apt().names().accepts(request.get("package").asText()));
  }
}
