package clawster.pkghelper;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the helper is started with, all of it by who is root; an unknown option stops the start.
 *
 * @param socket where it listens
 * @param memory the directory where it remembers what it installed
 * @param user who may ask, besides root: a name or a number
 * @param group of that user; whoever is in it reaches the socket and is turned away there
 * @param path where programs are looked for, and all that they have for a path
 * @param rehearsal whether it is to be used once and end, for a later start to be fast
 */
record HelperSettings(
    Path socket,
    Path memory,
    String user,
    String group,
    List<Path> path,
    Limits limits,
    boolean rehearsal) {

  static final String SOCKET = "CLAWSTER_PACKAGE_SOCKET";
  private static final String DEFAULT_SOCKET = "/run/clawster/packages.sock";
  private static final String DEFAULT_MEMORY = "/var/lib/clawster-packages";
  private static final String DEFAULT_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

  private static final Set<String> OPTIONS =
      Set.of(
          "--socket",
          "--memory",
          "--user",
          "--group",
          "--path",
          "--request-seconds",
          "--operation-seconds",
          "--waiting-seconds",
          "--rehearse");

  HelperSettings {
    path = List.copyOf(path);
    Stream.concat(Stream.of(socket, memory), path.stream())
        .filter(place -> !place.isAbsolute())
        .findFirst()
        .ifPresent(
            place -> {
              throw new StartRefused("not an absolute path: " + place);
            });
  }

  static HelperSettings read(List<String> arguments, Map<String, String> environment) {
    var given = options(arguments);
    var user = given.get("--user");
    if (user == null) {
      throw new StartRefused("--user is missing: who may ask for packages");
    }
    return new HelperSettings(
        Path.of(given.getOrDefault("--socket", environment.getOrDefault(SOCKET, DEFAULT_SOCKET))),
        Path.of(given.getOrDefault("--memory", DEFAULT_MEMORY)),
        user,
        given.getOrDefault("--group", user),
        Stream.of(given.getOrDefault("--path", DEFAULT_PATH).split(":")).map(Path::of).toList(),
        new Limits(
            seconds(given, "--request-seconds", Limits.USUAL.request()),
            seconds(given, "--operation-seconds", Limits.USUAL.operation()),
            seconds(given, "--waiting-seconds", Limits.USUAL.waiting())),
        given.containsKey("--rehearse"));
  }

  private static Map<String, String> options(List<String> arguments) {
    var given = new HashMap<String, String>();
    for (int at = 0; at < arguments.size(); at += 2) {
      var option = arguments.get(at);
      if (!OPTIONS.contains(option) || given.containsKey(option)) {
        throw new StartRefused("unknown, or twice: " + option);
      }
      if (at + 1 == arguments.size() || arguments.get(at + 1).isEmpty()) {
        throw new StartRefused(option + " needs a value");
      }
      given.put(option, arguments.get(at + 1));
    }
    return given;
  }

  private static Duration seconds(Map<String, String> given, String option, Duration otherwise) {
    var text = given.get(option);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[1-9]\\d{0,4}")) {
      throw new StartRefused(option + " is a number of seconds, not " + text);
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }
}
