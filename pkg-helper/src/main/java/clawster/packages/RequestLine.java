package clawster.packages;

import clawster.packages.Wire.Unreadable;
import java.util.Optional;

/** {@code {"action":"install","package":"hello","progress":true}}. */
public final class RequestLine {

  public static final int MAX_BYTES = 64 * 1024;

  private String action = "";
  private String name = "";
  private boolean progress;

  private RequestLine() {}

  public static String write(Request request) {
    return Wire.write(
        json -> {
          json.writeStringField("action", request.action());
          if (!request.name().isEmpty()) {
            json.writeStringField("package", request.name());
          }
          if (request.progress()) {
            json.writeBooleanField("progress", true);
          }
        });
  }

  /** Empty if the line is no request. */
  public static Optional<Request> read(String line) {
    var read = new RequestLine();
    try {
      Wire.read(
          line,
          (field, value) -> {
            switch (field) {
              case "action" -> read.action = Wire.text(value);
              case "package" -> read.name = Wire.text(value);
              case "progress" -> read.progress = Wire.truth(value);
              default -> throw new Unreadable("unknown field");
            }
          });
    } catch (Unreadable _) {
      return Optional.empty();
    }
    return Optional.of(new Request(read.action, read.name, read.progress));
  }
}
