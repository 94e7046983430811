package clawster.runtime.models;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.ThrottleMode;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The model that is always there: no network, no key, no intelligence. It says so, repeats what it
 * was asked, and calls a tool when told to, so that everything around a model can be tried without
 * one. The same conversation always gets the same answer, which makes it able to go on where it was
 * cut.
 */
public final class DemoModel implements ModelClient {

  private static final Duration DEFAULT_PACE = Duration.ofMillis(15);

  /**
   * Words that may come together; left to itself, the throttle would say the first tenth of a
   * second at once.
   */
  private static final int EVENNESS = 2;

  /** A word with the space after it, so that the pieces put together are the text again. */
  private static final Pattern WORD = Pattern.compile("\\S+\\s*|\\s+");

  private final Duration pace;

  public DemoModel() {
    this(DEFAULT_PACE);
  }

  /**
   * @param pace from word to word; zero for as fast as they are taken
   */
  public DemoModel(Duration pace) {
    this.pace = pace;
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    var events = Source.fromIterator(() -> events(request).iterator());
    return pace.isPositive() ? events.throttle(1, pace, EVENNESS, ThrottleMode.shaping()) : events;
  }

  @Override
  public ModelCapabilities capabilities(String model) {
    return new ModelCapabilities(true);
  }

  private static List<ModelEvent> events(ModelRequest request) {
    return switch (DemoReply.to(request)) {
      case DemoReply.Says(var text) -> said(text, request);
      case DemoReply.Calls(var id, var tool, var arguments) -> called(id, tool, arguments, request);
    };
  }

  private static List<ModelEvent> said(String text, ModelRequest request) {
    var words = words(text);
    var max = maxTokens(request);
    var spoken = words.size() > max ? words.subList(0, (int) max) : words;
    var reason = spoken.size() < words.size() ? FinishReason.LENGTH : FinishReason.STOP;
    return Stream.concat(
            spoken.stream().map(ModelEvent.Text::new),
            Stream.of(finished(reason, spoken.size(), request)))
        .toList();
  }

  /** In two pieces, as models do it. */
  private static List<ModelEvent> called(
      String id, String tool, String arguments, ModelRequest request) {
    return List.of(
        new ModelEvent.ToolCallFragment(0, id, tool, ""),
        new ModelEvent.ToolCallFragment(0, "", "", arguments),
        finished(FinishReason.TOOL_CALLS, words(arguments).size(), request));
  }

  /** A word is a token here. */
  private static ModelEvent finished(FinishReason reason, long completion, ModelRequest request) {
    var prompt =
        request.messages().stream()
            .mapToLong(message -> words(DemoReply.text(message)).size())
            .sum();
    return new ModelEvent.Finished(reason, new Usage(prompt, completion));
  }

  private static long maxTokens(ModelRequest request) {
    return Stream.of("max_completion_tokens", "max_tokens")
        .map(request.options()::get)
        .filter(Number.class::isInstance)
        .mapToLong(max -> ((Number) max).longValue())
        .filter(max -> max > 0)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  private static List<String> words(String text) {
    return WORD.matcher(text).results().map(word -> word.group()).toList();
  }
}
