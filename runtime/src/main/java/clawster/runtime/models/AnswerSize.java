package clawster.runtime.models;

import java.util.function.Consumer;

/** Counts an answer as it is read: who speaks for ever would otherwise fill our memory. */
final class AnswerSize {

  static final long MAX_CHARS = 32L << 20;
  static final int MAX_CALLS = 128;

  private long chars;

  /** Hands on to {@code events} what is still within bounds, and fails at what is not. */
  Consumer<ModelEvent> counting(Consumer<ModelEvent> events) {
    return event -> {
      count(event);
      events.accept(event);
    };
  }

  private void count(ModelEvent event) {
    chars +=
        switch (event) {
          case ModelEvent.Text(var text) -> text.length();
          case ModelEvent.Reasoning(var text) -> text.length();
          case ModelEvent.ToolCallFragment(var index, var id, var name, var arguments) -> {
            if (index >= MAX_CALLS) {
              throw tooLarge(MAX_CALLS + " tool calls");
            }
            yield id.length() + name.length() + arguments.length();
          }
          case ModelEvent.Finished _ -> 0;
        };
    if (chars > MAX_CHARS) {
      throw tooLarge(MAX_CHARS + " characters");
    }
  }

  private static ModelFailure tooLarge(String bound) {
    return new ModelFailure(ModelFailure.Kind.MALFORMED, "the model's answer exceeds " + bound);
  }
}
