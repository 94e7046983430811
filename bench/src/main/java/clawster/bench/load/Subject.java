package clawster.bench.load;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A server under measurement: the node, or the upstream for the same call made directly. */
record Subject(Endpoint endpoint, long pid, Optional<Path> data) {

  /** Absent where nothing listens. */
  static Optional<Subject> at(Endpoint endpoint, Optional<Path> data) {
    return Processes.listening(endpoint.base().getPort()).map(pid -> new Subject(endpoint, pid, data));
  }

  Cpu cpu() {
    return new Cpu(
        Processes.cpuSeconds(Set.of(pid)),
        data.map(directory -> Processes.cpuSeconds(Processes.databases(directory))).orElse(0.0));
  }
}
