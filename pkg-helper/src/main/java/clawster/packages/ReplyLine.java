package clawster.packages;

import clawster.packages.Wire.Unreadable;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code {"progress":"Unpacking…"}}, then {@code
 * {"ok":true,"data":{"packages":[{"name":"hello","version":"2.10-3"}]}}} or {@code
 * {"ok":false,"error":"…","code":"not_found"}}. Fields that a newer helper adds are passed over.
 */
public final class ReplyLine {

  static final int MAX_BYTES = 1024 * 1024;

  private Optional<String> progress = Optional.empty();
  private Optional<Boolean> ok = Optional.empty();
  private String error = "";
  private FailureCode code = FailureCode.SYSTEM_ERROR;
  private final List<PackageState> packages = new ArrayList<>();

  private ReplyLine() {}

  public static String write(Reply reply) {
    return Wire.write(
        json -> {
          switch (reply) {
            case Reply.Progress(var line) -> json.writeStringField("progress", line);
            case Reply.Failed(var code, var error) -> {
              json.writeBooleanField("ok", false);
              json.writeStringField("error", error);
              json.writeStringField("code", code.wire());
            }
            case Reply.Done(var packages) -> {
              json.writeBooleanField("ok", true);
              json.writeObjectFieldStart("data");
              json.writeArrayFieldStart("packages");
              for (var state : packages) {
                write(state, json);
              }
              json.writeEndArray();
              json.writeEndObject();
            }
          }
        });
  }

  private static void write(PackageState state, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", state.name());
    if (state.installed().isPresent()) {
      json.writeStringField("version", state.installed().get());
    }
    if (state.available().isPresent()) {
      json.writeStringField("available", state.available().get());
    }
    json.writeEndObject();
  }

  /** Empty if the line is no reply. */
  public static Optional<Reply> read(String line) {
    var read = new ReplyLine();
    try {
      Wire.read(line, read::field);
    } catch (Unreadable _) {
      return Optional.empty();
    }
    return read.reply();
  }

  private Optional<Reply> reply() {
    if (progress.isPresent()) {
      return ok.isEmpty() ? progress.map(Reply.Progress::new) : Optional.empty();
    }
    return ok.map(good -> good ? new Reply.Done(packages) : new Reply.Failed(code, error));
  }

  private void field(String name, JsonParser value) throws IOException, Unreadable {
    switch (name) {
      case "progress" -> progress = Optional.of(Wire.text(value));
      case "ok" -> ok = Optional.of(Wire.truth(value));
      case "error" -> error = Wire.text(value);
      case "code" -> code = FailureCode.ofWire(Wire.text(value)).orElse(FailureCode.SYSTEM_ERROR);
      case "data" -> data(value);
      default -> value.skipChildren();
    }
  }

  private void data(JsonParser json) throws IOException, Unreadable {
    expect(JsonToken.START_OBJECT, json);
    Wire.object(
        json,
        (name, value) -> {
          if (!name.equals("packages")) {
            value.skipChildren();
            return;
          }
          expect(JsonToken.START_ARRAY, value);
          while (value.nextToken() != JsonToken.END_ARRAY) {
            packages.add(state(value));
          }
        });
  }

  private static PackageState state(JsonParser json) throws IOException, Unreadable {
    expect(JsonToken.START_OBJECT, json);
    var texts = new String[3];
    Wire.object(
        json,
        (name, value) -> {
          switch (name) {
            case "name" -> texts[0] = Wire.text(value);
            case "version" -> texts[1] = Wire.text(value);
            case "available" -> texts[2] = Wire.text(value);
            default -> value.skipChildren();
          }
        });
    if (texts[0] == null) {
      throw new Unreadable("a package without a name");
    }
    return new PackageState(texts[0], Optional.ofNullable(texts[1]), Optional.ofNullable(texts[2]));
  }

  private static void expect(JsonToken token, JsonParser json) throws Unreadable {
    if (json.currentToken() != token) {
      throw new Unreadable("not " + token);
    }
  }
}
