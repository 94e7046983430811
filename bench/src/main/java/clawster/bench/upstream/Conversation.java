package clawster.bench.upstream;

import clawster.bench.upstream.Message.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The messages of one request, in order, and the questions a script asks of them. */
record Conversation(List<Message> messages) {

  private static final Pattern MARK = Pattern.compile("MARK:([\\w-]+)");

  Conversation {
    messages = List.copyOf(messages);
  }

  /** Index of the last assistant message, -1 where there is none. */
  int lastAssistant() {
    var index = messages.size() - 1;
    while (index >= 0 && !messages.get(index).is(Role.ASSISTANT)) {
      index--;
    }
    return index;
  }

  /**
   * What followed the last assistant message: a gateway may put messages of its own around the
   * user's.
   */
  List<Message> trail() {
    return messages.subList(lastAssistant() + 1, messages.size());
  }

  List<Message> toolResults() {
    return trail().stream().filter(message -> message.is(Role.TOOL)).toList();
  }

  String newestUserText() {
    return trail().stream()
        .filter(message -> message.is(Role.USER))
        .map(Message::text)
        .collect(Collectors.joining("\n"));
  }

  long count(Role role) {
    return messages.stream().filter(message -> message.is(role)).count();
  }

  /** About four characters a token, never 0. */
  int promptTokens() {
    return Math.max(
        1, Math.round(messages.stream().mapToInt(message -> message.text().length()).sum() / 4f));
  }

  /** One line from which a client can check which earlier turns arrived, and in what order. */
  String history() {
    return "HIST n=%d user=%d asst=%d tool=%d sys=%d hash=%08x marks=%s"
        .formatted(
            messages.size(),
            count(Role.USER),
            count(Role.ASSISTANT),
            count(Role.TOOL),
            count(Role.SYSTEM) > 0 ? 1 : 0,
            fnv1a(spoken()),
            String.join(",", marks()));
  }

  private String spoken() {
    return messages.stream()
        .filter(message -> message.is(Role.USER) || message.is(Role.ASSISTANT))
        .map(message -> (message.is(Role.USER) ? "user:" : "assistant:") + message.text())
        .collect(Collectors.joining("\n"));
  }

  private List<String> marks() {
    var marks = new ArrayList<String>();
    for (var message : messages) {
      if (message.is(Role.USER)) {
        MARK.matcher(message.text()).results().forEach(mark -> marks.add(mark.group(1)));
      }
    }
    return marks;
  }

  private static int fnv1a(String text) {
    var hash = 0x811c9dc5;
    for (var index = 0; index < text.length(); index++) {
      hash = (hash ^ text.charAt(index)) * 0x01000193;
    }
    return hash;
  }
}
