package clawster.node;

import static clawster.node.LogText.cut;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;

/**
 * What is logged, as a JSON object on a line of its own. Logback's own encoder neither bounds a
 * field nor escapes more than JSON must, and callers have a say in what is logged: whatever they
 * send, a line is one line, and not long.
 */
final class LogLine {

  static final String TIME = "time";
  static final String LEVEL = "level";
  static final String LOGGER = "logger";
  static final String THREAD = "thread";
  static final String NODE = "node";
  static final String MESSAGE = "message";

  /** What the thread was busy with, by name. */
  static final String CONTEXT = "context";

  static final String ERROR = "error";
  static final String CLASS = "class";
  static final String STACK = "stack";

  private static final JsonFactory JSON = new JsonFactory();

  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final String node;

  LogLine(String node) {
    this.node = node;
  }

  /** In ASCII, with the end of the line. */
  byte[] of(ILoggingEvent event) throws IOException {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.setHighestNonEscapedChar(LogText.LAST_PRINTABLE);
      json.writeStartObject();
      json.writeStringField(TIME, MILLISECONDS.format(Instant.ofEpochMilli(event.getTimeStamp())));
      json.writeStringField(LEVEL, event.getLevel().toString());
      write(json, LOGGER, event.getLoggerName(), LogLimits.NAME);
      write(json, THREAD, event.getThreadName(), LogLimits.NAME);
      write(json, NODE, node, LogLimits.NAME);
      write(json, MESSAGE, event.getFormattedMessage(), LogLimits.TEXT);
      writeContext(json, event);
      if (event.getThrowableProxy() != null) {
        writeError(json, event.getThrowableProxy());
      }
      json.writeEndObject();
    }
    return text.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Logback has nulls for what it was not told. */
  private static void write(JsonGenerator json, String name, String value, int limit)
      throws IOException {
    json.writeStringField(name, cut(Objects.requireNonNullElse(value, ""), limit));
  }

  private static void writeContext(JsonGenerator json, ILoggingEvent event) throws IOException {
    var context = event.getMDCPropertyMap();
    if (context.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(CONTEXT);
    for (var entry : context.entrySet().stream().limit(LogLimits.CONTEXT).toList()) {
      write(json, cut(entry.getKey(), LogLimits.NAME), entry.getValue(), LogLimits.NAME);
    }
    json.writeEndObject();
  }

  private static void writeError(JsonGenerator json, IThrowableProxy error) throws IOException {
    json.writeObjectFieldStart(ERROR);
    write(json, CLASS, error.getClassName(), LogLimits.NAME);
    write(json, MESSAGE, error.getMessage(), LogLimits.TEXT);
    write(json, STACK, stack(error), LogLimits.TEXT);
    json.writeEndObject();
  }

  /** Its innermost frames, then each cause with those that are its own. */
  private static String stack(IThrowableProxy error) {
    var stack = new StringBuilder();
    addFrames(stack, error);
    var cause = error.getCause();
    while (cause != null && stack.length() <= LogLimits.TEXT) {
      var message = Objects.requireNonNullElse(cause.getMessage(), "");
      stack.append("caused by ").append(cause.getClassName());
      stack.append(": ").append(cut(message, LogLimits.NAME)).append('\n');
      addFrames(stack, cause);
      cause = cause.getCause();
    }
    return stack.toString();
  }

  private static void addFrames(StringBuilder stack, IThrowableProxy error) {
    var frames = error.getStackTraceElementProxyArray();
    int own = frames.length - error.getCommonFrames();
    for (int i = 0; i < Math.min(own, LogLimits.FRAMES); i++) {
      stack.append(frames[i].getSTEAsString()).append('\n');
    }
    if (own > LogLimits.FRAMES) {
      stack.append("... ").append(own - LogLimits.FRAMES).append(" more\n");
    }
  }
}
