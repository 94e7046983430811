package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Language;
import clawster.http.packages.PackageProblems;
import clawster.runtime.config.ConfigProblems;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.kernel.Problem;
import clawster.runtime.limits.LimitProblems;
import clawster.runtime.models.ModelFailure;
import clawster.runtime.packages.DeclarationProblems;
import clawster.runtime.pairing.PairingProblems;
import clawster.runtime.sessions.SessionProblems;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sentences people read, against the codes the program makes. */
final class SentencesTest {

  private static final Map<String, String> SENTENCES = sentences(Language.EN);

  private static Map<String, String> sentences(Language language) {
    var sentences = new TreeMap<String, String>();
    lines(language)
        .forEach(line -> sentences.put(key(line), line.substring(key(line).length() + 1)));
    return sentences;
  }

  private static List<String> lines(Language language) {
    var file =
        SentencesTest.class.getResourceAsStream(
            "/clawster/http/messages_%s.properties".formatted(language.tag()));
    try (var reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(String line) {
    return line.substring(0, line.indexOf('='));
  }

  @ParameterizedTest
  @EnumSource
  void everyLanguageHasTheSameCodesAndPlaces(Language language) {
    var theirs = sentences(language);
    assertEquals(SENTENCES.keySet(), theirs.keySet());
    theirs.forEach((code, sentence) -> assertEquals(places(SENTENCES.get(code)), places(sentence)));
  }

  private static List<String> places(String sentence) {
    return Pattern.compile("\\{[^}]*}")
        .matcher(sentence)
        .results()
        .map(MatchResult::group)
        .sorted()
        .toList();
  }

  /** Or somebody has forgotten to translate it. */
  @Test
  void noSentenceIsTheSameInTwoLanguages() {
    for (var language : List.of(Language.VI, Language.ZH)) {
      sentences(language)
          .forEach(
              (code, sentence) -> {
                if (sentence.codePoints().anyMatch(Character::isWhitespace)) {
                  assertTrue(
                      Set.of("request.field", "config.wrong").contains(code)
                          || !sentence.equals(SENTENCES.get(code)),
                      code);
                }
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKeyIsACodeAndIsThereOnce(Language language) {
    var seen = new HashSet<String>();
    for (var line : lines(language)) {
      assertTrue(key(line).matches("[a-z]+\\.[a-z][a-z_]*"), line);
      assertTrue(seen.add(key(line)), line);
    }
  }

  @Test
  void everySentenceIsOne() {
    SENTENCES.forEach(
        (code, sentence) -> {
          assertTrue(
              code.startsWith("flaw.") || sentence.matches(".*[.}]"),
              code + " has no end: " + sentence);
          assertFalse(sentence.replaceAll("\\{[a-z]+}", "").matches(".*[{}].*"), code);
        });
  }

  @Test
  void everyProblemOfASessionHasASentence() {
    assertSentences(SessionProblems.ALL.stream().map(Problem::code));
  }

  @Test
  void everyProblemOfIdentityHasASentence() {
    assertSentences(IdentityProblems.ALL.stream().map(Problem::code));
  }

  @Test
  void everyProblemOfTheConfigurationHasASentence() {
    assertSentences(ConfigProblems.ALL.stream().map(Problem::code));
  }

  @Test
  void everyProblemOfPairingHasASentence() {
    assertSentences(PairingProblems.ALL.stream().map(Problem::code));
  }

  @Test
  void everyProblemOfDeclarationsHasASentence() {
    assertSentences(DeclarationProblems.ALL.stream().map(Problem::code));
  }

  @Test
  void everyProblemOfPackagesHasASentence() {
    assertSentences(PackageProblems.ALL.stream().map(Problem::code));
  }

  @Test
  void everyLimitHasASentence() {
    assertSentences(
        Stream.concat(Stream.of(LimitProblems.LOCKED_OUT), LimitProblems.OF_ANSWERS.stream())
            .map(Problem::code));
  }

  @Test
  void everyFailureOfAModelHasASentence() {
    assertSentences(
        Stream.of(ModelFailure.Kind.values())
            .map(kind -> "upstream." + kind.name().toLowerCase(Locale.ROOT)));
  }

  @Test
  void theListOfASessionsProblemsIsWhole() throws Exception {
    int constants = 0;
    for (var field : SessionProblems.class.getFields()) {
      if (field.getType() == Problem.class) {
        constants++;
        assertTrue(SessionProblems.ALL.contains(field.get(null)), field.getName());
      }
    }
    assertEquals(constants, SessionProblems.ALL.size());
  }

  private static void assertSentences(Stream<String> codes) {
    codes.forEach(code -> assertTrue(SENTENCES.containsKey(code), code + " has no sentence"));
  }

  /** What fills them stays as it is in every language. */
  private static final Set<String> NUMBERS_AND_NAMES =
      Set.of(
          "agent",
          "column",
          "entry",
          "example",
          "hours",
          "host",
          "id",
          "least",
          "limit",
          "line",
          "method",
          "minutes",
          "model",
          "most",
          "nodes",
          "origin",
          "param",
          "path",
          "runtime",
          "seconds",
          "sender",
          "session",
          "value",
          "variable",
          "words");

  /** What providers, parsers and package managers say, quoted as it is. */
  private static final Pattern QUOTING =
      Pattern.compile("upstream\\..*|request\\.malformed|package\\.failed");

  /** Else a sentence would change its language where something is filled in. */
  @Test
  void whatIsFilledInNeedsNoTranslation() {
    SENTENCES.forEach(
        (code, sentence) -> {
          for (var place : places(sentence)) {
            var name = place.substring(1, place.length() - 1);
            assertTrue(
                NUMBERS_AND_NAMES.contains(name)
                    || name.equals("flaw") && !code.startsWith("flaw.")
                    || name.equals("detail") && QUOTING.matcher(code).matches(),
                code + " has a place for " + name);
          }
        });
  }

  /** Words of JSON, HTTP and our own API, which are the same everywhere. */
  private static final String TERMS =
      "true|false|ASCII|UUID|URL|https|data|PROVIDER/MODEL|<run>-<seq>|JSON|[{][a-z]+[}]";

  @Test
  void chineseHasNoWordsOfAnotherLanguageInWhatIsWrongWithAValue() {
    sentences(Language.ZH)
        .forEach(
            (code, sentence) -> {
              if (code.startsWith("flaw.")) {
                assertFalse(
                    sentence.replaceAll(TERMS, "").matches(".*[A-Za-z].*"), code + "=" + sentence);
              }
            });
  }

  private static Stream<String> sources() {
    return Stream.of("runtime", "http-edge", "cluster-config", "persistence")
        .map(module -> Path.of("..", module, "src", "main", "java"))
        .flatMap(SentencesTest::files)
        .map(SentencesTest::text);
  }

  private static Stream<Path> files(Path root) {
    try (var files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> found(String pattern) {
    var whole = Pattern.compile(pattern);
    return sources().flatMap(text -> whole.matcher(text).results()).map(match -> match.group(1));
  }

  private static final String FLAW = "runtime/src/main/java/clawster/runtime/kernel/Flaw.java";

  @Test
  void everyFlawHasASentenceAndIsSomewhere() {
    var made =
        Stream.concat(
                found("Flaw\\.of\\(\\s*\"([a-z_]+)\"\\)"),
                Pattern.compile("[^.]\\bof\\(\"([a-z_]+)\"\\)")
                    .matcher(text(Path.of("..", FLAW)))
                    .results()
                    .map(match -> match.group(1)))
            .collect(Collectors.toSet());
    var said =
        SENTENCES.keySet().stream()
            .filter(code -> code.startsWith("flaw."))
            .map(code -> code.substring("flaw.".length()))
            .collect(Collectors.toSet());
    assertEquals(said, made);
  }

  /** As far as that can be seen: a fact that is a phrase is English in every language. */
  @Test
  void noFactIsAPhrase() {
    var phrases = found("\\.with\\(\\s*\"[a-z]+\",\\s*(\"[^\"]* [^\"]*\")").toList();
    assertEquals(List.of(), phrases);
  }
}
