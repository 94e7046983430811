package clawster.runtime.config;

import clawster.runtime.config.Setting.Takes;
import java.util.List;
import java.util.Locale;

/**
 * Whether the routes of a dialect are served, and where.
 *
 * @param bind address of its own listener, if it has one
 * @param port port of its own listener at the first node of a machine, the next one at the second
 *     and so on; 0 if it is served where everything is
 */
public record DialectSettings(
    Setting<Boolean> enabled, Setting<String> bind, Setting<Integer> port) {

  static DialectSettings of(String name, Kind<String> host) {
    var variable = "CLAWSTER_" + name.toUpperCase(Locale.ROOT) + "_";
    return new DialectSettings(
        new Setting<>(
            name + ".enabled", variable + "ENABLED", new Kind.Flag(), true, Takes.AT_ONCE),
        new Setting<>(name + ".bind", variable + "BIND", host, "127.0.0.1", Takes.AT_START),
        new Setting<>(
            name + ".port", variable + "PORT", new Kind.Whole(0, 65_535), 0, Takes.AT_START));
  }

  List<Setting<?>> all() {
    return List.of(enabled, bind, port);
  }
}
