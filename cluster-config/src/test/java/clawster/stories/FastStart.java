package clawster.stories;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/**
 * Programs of stories start as those of users do: from a cache that a rehearsal has made (ADR 8).
 * It is made once for all stories, of their own classes, and halves the time a node takes to start.
 */
final class FastStart {

  static final List<String> OPTIONS =
      List.of(
          "-Xmx256m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final Path PLACE = Path.of("target/story-nodes").toAbsolutePath();

  private static final FastStart ONCE = new FastStart();

  private final String classPath;
  private final Path cache = PLACE.resolve("nodes.aot");

  private FastStart() {
    try {
      Files.createDirectories(PLACE);
      Files.deleteIfExists(cache);
      classPath = packed(System.getProperty("java.class.path"));
      rehearse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The beginning of a command, up to the main class's arguments. */
  static List<String> java() {
    return ONCE.java("-XX:AOTCache=" + ONCE.cache);
  }

  static String classPath() {
    return ONCE.classPath;
  }

  private List<String> java(String cacheOption) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(cacheOption);
    command.addAll(OPTIONS);
    command.add("clawster.Main");
    return command;
  }

  /** A cache is of jars, and tests run before there are some of what they test. */
  private static String packed(String classPath) throws IOException {
    var all = new ArrayList<String>();
    for (var entry : classPath.split(File.pathSeparator)) {
      var path = Path.of(entry);
      all.add(Files.isDirectory(path) ? jar(path, all.size()).toString() : entry);
    }
    return all.stream().collect(Collectors.joining(File.pathSeparator));
  }

  private static Path jar(Path directory, int number) throws IOException {
    var jar = PLACE.resolve(number + ".jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(directory)) {
      for (var file : files.filter(file -> !file.equals(directory)).toList()) {
        var name = directory.relativize(file).toString().replace(File.separatorChar, '/');
        if (Files.isDirectory(file)) {
          // By these whoever looks for all files of a directory finds it.
          out.putNextEntry(new JarEntry(name + "/"));
        } else {
          out.putNextEntry(new JarEntry(name));
          Files.copy(file, out);
        }
      }
    }
    return jar;
  }

  private void rehearse() throws IOException {
    var data = DataDirectories.make("clawster-rehearsal-");
    var command = java("-XX:AOTCacheOutput=" + cache);
    command.addAll(List.of("rehearse", "--data", data.toString()));
    var said = PLACE.resolve("rehearsal.log").toFile();
    var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said);
    builder.environment().put("CLASSPATH", classPath);
    var rehearsal = builder.start();
    try {
      if (!rehearsal.waitFor(3, TimeUnit.MINUTES) || rehearsal.exitValue() != 0) {
        throw new IOException("no rehearsal: " + Files.readString(said.toPath()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      rehearsal.destroyForcibly();
    }
    DataDirectories.delete(data);
  }
}
