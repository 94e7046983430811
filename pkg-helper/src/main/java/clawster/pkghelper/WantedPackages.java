package clawster.pkghelper;

import clawster.packages.NameRule;
import clawster.packages.PackageName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was installed through the helper, so that a new container gets it again, and so that nothing
 * else is removed. One name a line; a line that is no name is passed over, at each reading.
 */
final class WantedPackages {

  private static final String FILE = "system-packages";
  private static final int MAX_BYTES = 256 * 1024;

  private final OwnPlace place;
  private final Map<String, PackageName> names = new LinkedHashMap<>();

  private WantedPackages(OwnPlace place) {
    this.place = place;
  }

  /** A file that somebody else may have written stops the start. */
  static WantedPackages in(OwnPlace place, NameRule rule, Audit audit) throws IOException {
    var wanted = new WantedPackages(place);
    var file = place.file(FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return wanted;
    }
    if (!place.isOwn(FILE) || Files.size(file) > MAX_BYTES) {
      throw new StartRefused(file + " is not as the helper leaves it; remove it, or mend it");
    }
    var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    for (var line : text.split("\n")) {
      var name = PackageName.of(rule, line);
      if (name.isPresent()) {
        wanted.take(name.get(), audit);
      } else if (!line.isEmpty()) {
        audit.note("list.line.ignored", "line", line);
      }
    }
    return wanted;
  }

  private void take(PackageName name, Audit audit) {
    if (names.containsKey(name.text()) || !isFull()) {
      names.put(name.text(), name);
    } else {
      audit.note("list.is.full", "package", name.text());
    }
  }

  synchronized List<PackageName> all() {
    return List.copyOf(names.values());
  }

  synchronized boolean contains(PackageName name) {
    return names.containsKey(name.text());
  }

  synchronized boolean isFull() {
    return names.size() >= Limits.PACKAGES;
  }

  /** Durable when it returns; as before if it throws. */
  synchronized void add(PackageName name) throws IOException {
    if (names.putIfAbsent(name.text(), name) == null) {
      try {
        save();
      } catch (IOException e) {
        names.remove(name.text());
        throw e;
      }
    }
  }

  /**
   * @see #add
   */
  synchronized void remove(PackageName name) throws IOException {
    if (names.remove(name.text()) != null) {
      try {
        save();
      } catch (IOException e) {
        names.put(name.text(), name);
        throw e;
      }
    }
  }

  private void save() throws IOException {
    place.write(FILE, names.keySet().stream().map(n -> n + "\n").collect(Collectors.joining()));
  }
}
