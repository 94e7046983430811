package clawster.runtime.sessions;

import clawster.runtime.models.ModelCapabilities;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelRequest;
import java.util.ArrayList;
import java.util.Map;

/** How a half-said answer goes on. */
enum Continuation {
  /** Not a word had been said: the request is simply repeated. */
  AFRESH,
  /**
   * The text so far, up to its last word, is the beginning of the assistant's message, and the
   * model goes on from it: an assistant's message that ends in white space is refused by some.
   */
  PREFIX,
  /** The text so far is followed by a request to go on; the only message we ever invent. */
  ASK,
  /** Structured output is made anew: half a JSON document cannot be continued by asking. */
  REGENERATE;

  private static final String GO_ON =
      "Your previous message was cut off by a technical fault. Continue it from exactly where it"
          + " stops: do not repeat, summarise or comment on anything, just write what comes next,"
          + " and nothing at all if it was complete.";

  static Continuation of(String said, ModelRequest request, ModelCapabilities capabilities) {
    if (upToLastWord(said).isEmpty()) {
      return AFRESH;
    }
    if (isStructured(request)) {
      return REGENERATE;
    }
    return capabilities.continuesAssistantPrefix() ? PREFIX : ASK;
  }

  private static boolean isStructured(ModelRequest request) {
    return request.options().get("response_format") instanceof Map<?, ?> format
        && !"text".equals(format.get("type"));
  }

  ModelRequest apply(ModelRequest request, String said) {
    return switch (this) {
      case AFRESH, REGENERATE -> request;
      case PREFIX -> with(request, upToLastWord(said), false);
      case ASK -> with(request, said, true);
    };
  }

  /** The white space behind it, which the model is likely to write once more. */
  String repeats(String said) {
    return this == PREFIX ? said.substring(upToLastWord(said).length()) : "";
  }

  /** Without what any alphabet takes for white space, such as the space that does not break. */
  private static String upToLastWord(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static ModelRequest with(ModelRequest request, String said, boolean ask) {
    var messages = new ArrayList<>(request.messages());
    messages.add(ModelMessage.text(Role.ASSISTANT, said));
    if (ask) {
      messages.add(ModelMessage.text(Role.USER, GO_ON));
    }
    return new ModelRequest(request.model(), messages, request.tools(), request.options());
  }
}
