package clawster.runtime.packages;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The environment this node was started with. It is full of secrets, so what installs strangers'
 * code is given only what an operator has to say about indexes, certificates and proxies.
 */
public record NodeEnvironment(Map<String, String> variables) {

  private static final Set<String> NETWORK =
      Set.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR");

  private static final Set<String> PIP =
      Set.of(
          "PIP_INDEX_URL",
          "PIP_EXTRA_INDEX_URL",
          "PIP_FIND_LINKS",
          "PIP_NO_INDEX",
          "PIP_TRUSTED_HOST",
          "PIP_CERT",
          "PIP_CONFIG_FILE",
          "REQUESTS_CA_BUNDLE");

  private static final Set<String> NPM =
      Set.of(
          "NPM_CONFIG_REGISTRY",
          "NPM_CONFIG_CAFILE",
          "NPM_CONFIG_PROXY",
          "NPM_CONFIG_HTTPS_PROXY",
          "NPM_CONFIG_NOPROXY",
          "NPM_CONFIG_USERCONFIG",
          "NPM_CONFIG_GLOBALCONFIG",
          "NODE_EXTRA_CA_CERTS");

  public NodeEnvironment {
    variables = Map.copyOf(variables);
  }

  /** Empty for one that is blank, too. */
  Optional<String> get(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** Where its programs are; a relative place would depend on who looks. */
  List<Path> path() {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(get("PATH").orElse("/usr/local/bin:/usr/bin:/bin"))
        .filter(place -> place.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  /** What pip is given, and npm in its turn; both are named in small letters as well. */
  Map<String, String> passedOn(PackageKind kind) {
    var theirs =
        switch (kind) {
          case PIP -> PIP;
          case NPM -> NPM;
          case SYSTEM -> Set.<String>of();
        };
    var passed = new TreeMap<String, String>();
    variables.forEach(
        (name, value) -> {
          var known = name.toUpperCase(Locale.ROOT);
          if (!value.isBlank() && (NETWORK.contains(known) || theirs.contains(known))) {
            passed.put(name, value);
          }
        });
    return passed;
  }

  /** Names only: the values are secrets. */
  @Override
  public String toString() {
    return "NodeEnvironment" + new TreeMap<>(variables).keySet();
  }
}
