package clawster.persistence.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The grammar of {@code CLAWSTER_DATABASE_URL}. Pure.
 *
 * <p>Errors quote nothing: a password with an unescaped slash or at sign ends up in the host, the
 * port or the database name of any parser.
 */
final class DatabaseUrl {

  static final String SETTING = "CLAWSTER_DATABASE_URL";
  private static final int DEFAULT_PORT = 5432;
  private static final List<String> SCHEMES =
      List.of("jdbc:postgresql://", "postgresql://", "postgres://");

  /** libpq's names, as hosting providers hand them out, in pgjdbc's spelling. */
  private static final Map<String, String> JDBC_NAMES =
      Map.of(
          "application_name", "ApplicationName",
          "channel_binding", "channelBinding",
          "connect_timeout", "connectTimeout",
          "gssencmode", "gssEncMode",
          "target_session_attrs", "targetServerType");

  private DatabaseUrl() {}

  static DatabaseAddress parse(String url) {
    String text = url.strip();
    String scheme =
        SCHEMES.stream()
            .filter(known -> text.regionMatches(true, 0, known, 0, known.length()))
            .findFirst()
            .orElseThrow(
                () -> refused("must start with postgres://, postgresql:// or jdbc:postgresql://"));
    String rest = text.substring(scheme.length());
    if (rest.indexOf('#') >= 0) {
      throw refused("contains a #; write it as %23");
    }
    int question = rest.indexOf('?');
    String place = question < 0 ? rest : rest.substring(0, question);
    Map<String, String> parameters = parameters(question < 0 ? "" : rest.substring(question + 1));
    int slash = place.indexOf('/');
    String authority = slash < 0 ? place : place.substring(0, slash);
    String path = slash < 0 ? "" : place.substring(slash + 1);
    if (path.indexOf('@') >= 0 || path.indexOf('/') >= 0) {
      throw refused(
          "has an unescaped / in the user, the password or the database; write it as %2F");
    }
    int at = authority.lastIndexOf('@');
    String login = at < 0 ? "" : authority.substring(0, at);
    int colon = login.indexOf(':');
    String user = given(parameters, "user", decode(colon < 0 ? login : login.substring(0, colon)));
    String password =
        given(parameters, "password", decode(colon < 0 ? "" : login.substring(colon + 1)));
    if (user.isEmpty()) {
      throw refused("names no user");
    }
    String database = path.isEmpty() ? user : decode(path);
    String jdbc =
        "jdbc:postgresql://" + hosts(authority.substring(at + 1)) + "/" + encode(database);
    return new DatabaseAddress(jdbc + query(parameters), user, password);
  }

  private static String hosts(String text) {
    List<String> hosts = new ArrayList<>();
    for (String host : text.split(",", -1)) {
      hosts.add(host(host));
    }
    return String.join(",", hosts);
  }

  private static String host(String text) {
    int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
    if (text.startsWith("[") && end == 0) {
      throw refused("has an IPv6 address without its closing ]");
    }
    String name = end < 0 ? text : text.substring(0, end);
    String port = end < 0 ? "" : text.substring(end);
    if (name.isEmpty() || name.equals("[]")) {
      throw refused("names no host");
    }
    if (port.isEmpty()) {
      return name + ":" + DEFAULT_PORT;
    }
    if (port.indexOf(':', 1) > 0) {
      throw refused("has more than one : after the host; an IPv6 address goes in [ ]");
    }
    return name + ":" + port(port.substring(1));
  }

  private static int port(String text) {
    boolean digits = text.matches("[0-9]{1,5}");
    int port = digits ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      throw refused("has a port that is not a number from 1 to 65535");
    }
    return port;
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (pair.isEmpty()) {
        continue;
      }
      if (equals < 1) {
        throw refused("has a parameter without a name or a value");
      }
      String name = decode(pair.substring(0, equals));
      parameters.put(JDBC_NAMES.getOrDefault(name, name), decode(pair.substring(equals + 1)));
    }
    return parameters;
  }

  /** Login parameters leave the url: it is printed, they are not. */
  private static String given(Map<String, String> parameters, String name, String otherwise) {
    return Optional.ofNullable(parameters.remove(name)).orElse(otherwise);
  }

  private static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  /** A plus sign is itself here, as in libpq; only forms read it as a space. */
  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused("has a % that no two hexadecimal digits follow; write it as %25");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static StartRefused refused(String why) {
    return new StartRefused(SETTING + " " + why + ".");
  }
}
