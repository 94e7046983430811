package clawster.runtime.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;

/**
 * Writes a feature's events and snapshots as JSON under names that stay the same when classes are
 * renamed. A name that is not in the table is refused, on writing and on reading.
 */
public class WireSerializer extends SerializerWithStringManifest {

  private final int identifier;
  private final Map<String, Class<?>> types;
  private final Map<Class<?>, String> names;
  private final ObjectMapper json;

  /**
   * @param identifier unique among all serializers, and for ever
   * @param types class by wire name, such as {@code session.accepted.v1}
   */
  protected WireSerializer(
      ExtendedActorSystem system, int identifier, Map<String, Class<?>> types) {
    this.identifier = identifier;
    this.types = Map.copyOf(types);
    this.names =
        types.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
    this.json =
        JacksonObjectMapperProvider.get(system).getOrCreate("jackson-json", Optional.empty());
  }

  @Override
  public final int identifier() {
    return identifier;
  }

  @Override
  public final String manifest(Object value) {
    var name = names.get(value.getClass());
    if (name == null) {
      throw new IllegalArgumentException("no wire name for " + value.getClass());
    }
    return name;
  }

  @Override
  public final byte[] toBinary(Object value) {
    try {
      return json.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot write " + value.getClass(), e);
    }
  }

  @Override
  public final Object fromBinary(byte[] bytes, String name) throws NotSerializableException {
    var type = types.get(name);
    if (type == null) {
      throw new NotSerializableException("unknown wire name " + name);
    }
    var value = read(bytes, name, type);
    if (value == null) {
      throw new NotSerializableException(name + " is nothing");
    }
    return value;
  }

  /** Says where it cannot be read, and never what is there: that may be anybody's words. */
  private Object read(byte[] bytes, String name, Class<?> type) throws NotSerializableException {
    try {
      return json.readValue(bytes, type);
    } catch (JsonProcessingException e) {
      throw new NotSerializableException(
          "unreadable %s: %s at character %d of %d bytes"
              .formatted(name, e.getClass().getSimpleName(), column(e), bytes.length));
    } catch (IOException e) {
      throw new NotSerializableException("unreadable " + name + ": " + e.getClass());
    }
  }

  private static int column(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
  }
}
