package clawster.packages;

import java.util.List;

/** A line from the helper. */
public sealed interface Reply {

  /** What the package manager says while it works; more follows. */
  record Progress(String line) implements Reply {
    public Progress {
      line = Text.line(line);
    }
  }

  /**
   * @param packages what was asked for, or the package something was done to as it is now
   */
  record Done(List<PackageState> packages) implements Reply {
    public Done {
      packages = List.copyOf(packages);
    }
  }

  record Failed(FailureCode code, String error) implements Reply, Verdict {
    public Failed {
      error = Text.line(error);
    }
  }
}
