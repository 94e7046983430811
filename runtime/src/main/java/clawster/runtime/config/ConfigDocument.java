package clawster.runtime.config;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is set, and to what. Made only of values that are of their setting's kind. */
public final class ConfigDocument {

  public static final ConfigDocument EMPTY = new ConfigDocument(Map.of());

  private static final int HASH_BYTES = 8;

  private final Map<Setting<?>, Object> values;

  private ConfigDocument(Map<Setting<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /** A document, or why there can be none. */
  public sealed interface Reading {

    record Read(ConfigDocument document) implements Reading {}

    record Refused(Problem problem) implements Reading {}
  }

  /**
   * @param plain plain values by the names of their settings
   */
  public static Reading read(Map<String, Object> plain) {
    var document = EMPTY;
    for (var entry : plain.entrySet()) {
      var setting = GatewaySettings.named(entry.getKey());
      if (setting.isEmpty()) {
        return new Reading.Refused(ConfigProblems.unknown(entry.getKey()));
      }
      var next = document.set(setting.get(), entry.getValue());
      if (next.isEmpty()) {
        return new Reading.Refused(ConfigProblems.wrong(setting.get()));
      }
      document = next.get();
    }
    return new Reading.Read(document);
  }

  /** Likewise, with a plain value; empty if it is none of the setting's kind. */
  <T> Optional<ConfigDocument> set(Setting<T> setting, Object plain) {
    return setting.kind().read(plain).map(value -> with(setting, value));
  }

  public <T> ConfigDocument with(Setting<T> setting, T value) {
    var more = new HashMap<>(values);
    more.put(setting, value);
    return new ConfigDocument(more);
  }

  /** What is set here, and of the other what is set there. */
  ConfigDocument and(ConfigDocument stronger) {
    var both = new HashMap<>(values);
    both.putAll(stronger.values);
    return new ConfigDocument(both);
  }

  ConfigDocument without(Setting<?> setting) {
    var fewer = new HashMap<>(values);
    fewer.remove(setting);
    return new ConfigDocument(fewer);
  }

  public boolean has(Setting<?> setting) {
    return values.containsKey(setting);
  }

  /** What it is set to, or what it is otherwise. */
  @SuppressWarnings("unchecked") // only values of the setting's kind are put in
  public <T> T get(Setting<T> setting) {
    return (T) values.getOrDefault(setting, setting.otherwise());
  }

  public <T> Object plain(Setting<T> setting) {
    return setting.kind().plain(get(setting));
  }

  /** What is set here otherwise than there, or in one of them only. */
  public List<Setting<?>> differencesFrom(ConfigDocument other) {
    return GatewaySettings.ALL.stream()
        .filter(setting -> !Objects.equals(values.get(setting), other.values.get(setting)))
        .toList();
  }

  /** What is set, by the names of the settings, as {@link #read} takes it. */
  public SortedMap<String, Object> plain() {
    var all = new TreeMap<String, Object>();
    values.keySet().forEach(setting -> all.put(setting.name(), plain(setting)));
    return Collections.unmodifiableSortedMap(all);
  }

  /** 16 hexadecimal digits that are others for another document. */
  public String hash() {
    var digest = Sha256.digest();
    plain()
        .forEach(
            (name, value) ->
                digest.update("%s=%s\n".formatted(name, value).getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfigDocument document && values.equals(document.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return plain().toString();
  }
}
