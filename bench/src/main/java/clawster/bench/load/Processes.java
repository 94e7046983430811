package clawster.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Linux says about processes in /proc. */
final class Processes {

  private static final Path PROC = Path.of("/proc");
  private static final double TICKS_PER_SECOND = 100;
  private static final int PPID = 1;
  private static final int UTIME = 11;
  private static final String LISTENING = "0A";

  private Processes() {}

  /** The process that listens on this port of loopback or of all addresses. */
  static Optional<Long> listening(int port) {
    var inodes =
        Stream.of("tcp", "tcp6")
            .flatMap(table -> lines(PROC.resolve("net").resolve(table)))
            .map(line -> line.strip().split("\\s+"))
            .filter(words -> words.length > 9 && words[3].equals(LISTENING))
            .filter(words -> words[1].endsWith(":%04X".formatted(port)))
            .map(words -> "socket:[" + words[9] + "]")
            .collect(Collectors.toSet());
    return all().stream().filter(pid -> holds(pid, inodes)).findFirst();
  }

  private static boolean holds(long pid, Set<String> inodes) {
    try (var descriptors = Files.list(PROC.resolve(pid + "/fd"))) {
      return descriptors.anyMatch(descriptor -> inodes.contains(link(descriptor)));
    } catch (IOException _) {
      return false;
    }
  }

  private static String link(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException _) {
      return "";
    }
  }

  /** The database servers whose data lies below this directory, with all their children. */
  static Set<Long> databases(Path data) {
    try (var files = Files.find(data, 5, (path, _) -> path.endsWith("postmaster.pid"))) {
      return files
          .flatMap(file -> lines(file).limit(1))
          .map(line -> Long.parseLong(line.strip()))
          .flatMap(pid -> tree(pid).stream())
          .collect(Collectors.toSet());
    } catch (IOException | UncheckedIOException _) {
      return Set.of();
    }
  }

  static Set<Long> tree(long root) {
    var tree = new TreeSet<Long>();
    if (ProcessHandle.of(root).isEmpty()) {
      return tree;
    }
    tree.add(root);
    var everyone = all();
    for (var size = 0; size != tree.size(); ) {
      size = tree.size();
      everyone.stream().filter(pid -> tree.contains(parent(pid))).forEach(tree::add);
    }
    return tree;
  }

  /** All that a node started: its tree, its databases, and whoever names its data directory. */
  static Set<Long> installation(long root, Path data) {
    var pids = new HashSet<>(tree(root));
    pids.addAll(databases(data));
    all().stream()
        .filter(pid -> String.join("\0", commandLine(pid)).contains(data.toString()))
        .forEach(pids::add);
    pids.remove(ProcessHandle.current().pid());
    return pids;
  }

  /** Word by word; empty for one that is gone. */
  static List<String> commandLine(long pid) {
    try {
      return List.of(Files.readString(PROC.resolve(pid + "/cmdline")).split("\0"));
    } catch (IOException _) {
      return List.of();
    }
  }

  /** User and system time, with that of children already gone: a database's workers come and go. */
  static double cpuSeconds(Set<Long> pids) {
    return pids.stream()
            .map(Processes::stat)
            .filter(words -> words.length > UTIME + 3)
            .mapToDouble(
                words ->
                    number(words[UTIME])
                        + number(words[UTIME + 1])
                        + number(words[UTIME + 2])
                        + number(words[UTIME + 3]))
            .sum()
        / TICKS_PER_SECOND;
  }

  /** What all processes together used: user, nice, system, interrupts. */
  static double machineSeconds() {
    var words = lines(PROC.resolve("stat")).findFirst().orElseThrow().split("\\s+");
    return (number(words[1])
            + number(words[2])
            + number(words[3])
            + number(words[6])
            + number(words[7]))
        / TICKS_PER_SECOND;
  }

  /** Memory with shared pages divided among those who share them. */
  static double pssMegabytes(Set<Long> pids) {
    return pids.stream()
        .flatMap(pid -> lines(PROC.resolve(pid + "/smaps_rollup")))
        .filter(line -> line.startsWith("Pss:"))
        .mapToDouble(line -> number(line.split("\\s+")[1]) / 1024)
        .sum();
  }

  /** Memory with all of the shared pages. */
  static double residentMegabytes(long pid) {
    return lines(PROC.resolve(pid + "/status"))
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> number(line.split("\\s+")[1]) / 1024)
        .sum();
  }

  private static double number(String word) {
    return Double.parseDouble(word);
  }

  private static Set<Long> all() {
    return ProcessHandle.allProcesses().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  private static long parent(long pid) {
    var words = stat(pid);
    return words.length > PPID ? Long.parseLong(words[PPID]) : 0;
  }

  /** The fields after the command's name, which may itself hold spaces: state, ppid, … */
  private static String[] stat(long pid) {
    var line = lines(PROC.resolve(pid + "/stat")).collect(Collectors.joining());
    return line.isEmpty() ? new String[0] : line.substring(line.lastIndexOf(')') + 2).split(" ");
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException _) {
      return Stream.empty();
    }
  }
}
