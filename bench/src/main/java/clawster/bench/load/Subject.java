package clawster.bench.load;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A server under measurement: the node, or the upstream for the same call made directly. Its
 * company are the other processes that take part, so that whoever else uses the machine shows as
 * noise.
 */
record Subject(Endpoint endpoint, long pid, Optional<Path> data, Set<Long> company) {

  Subject {
    company = Set.copyOf(company);
  }

  /** Absent where nothing listens. */
  static Optional<Subject> at(Endpoint endpoint, Optional<Path> data, Set<Long> company) {
    return Processes.listening(endpoint.base().getPort())
        .map(pid -> new Subject(endpoint, pid, data, company));
  }

  Cpu cpu() {
    var server = Processes.cpuSeconds(Set.of(pid));
    var database =
        data.map(directory -> Processes.cpuSeconds(Processes.databases(directory))).orElse(0.0);
    var known = server + database + Processes.cpuSeconds(company);
    return new Cpu(server, database, Processes.machineSeconds() - known);
  }
}
