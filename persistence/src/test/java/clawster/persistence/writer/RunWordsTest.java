package clawster.persistence.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RunWordsTest {

  static List<RunWord> words() {
    return List.of(
        new RunWord.Accepted("agent:default:a \"key\""),
        new RunWord.Claimed(),
        new RunWord.Text("Grüße 👋\u0000\n"),
        new RunWord.Text(""),
        new RunWord.Reasoning("hm"),
        new RunWord.ToolCalled("call_1", "write_file", "{\"path\":\"a\"", true),
        new RunWord.ToolSettled("call_1", "written\u0000", "OK"),
        new RunWord.Recovered("node lost"),
        new RunWord.Interrupted(),
        new RunWord.Completed("m-1", "stop", new Usage(Long.MAX_VALUE / 2, 7)),
        new RunWord.Failed("upstream.timeout", "too slow"),
        new RunWord.Aborted(),
        new RunWord.Steered(RunId.next()),
        new RunWord.Absorbed(RunId.next()));
  }

  @ParameterizedTest
  @MethodSource("words")
  void everyWordReadsBackAsItWasWritten(RunWord word) {
    assertEquals(word, RunWords.word(RunWords.kind(word), RunWords.payload(word)));
  }

  @Test
  void theTableAboveHasEveryWord() {
    var tested = words().stream().map(Object::getClass).collect(Collectors.toSet());
    assertEquals(leaves(RunWord.class).collect(Collectors.toSet()), tested);
  }

  @Test
  void everyWordHasAKindOfItsOwn() {
    var kinds =
        words().stream()
            .collect(
                Collectors.groupingBy(
                    RunWords::kind, Collectors.mapping(Object::getClass, Collectors.toSet())));
    kinds.values().forEach(classes -> assertEquals(1, classes.size(), classes.toString()));
    assertEquals(Set.copyOf(leaves(RunWord.class).toList()).size(), kinds.size());
  }

  @Test
  void whatIsNoneOfOursIsReportedAsSuch() {
    assertThrows(UncheckedIOException.class, () -> RunWords.word((short) 99, new byte[] {1}));
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(RunWordsTest::leaves)
        : Stream.of(type);
  }
}
