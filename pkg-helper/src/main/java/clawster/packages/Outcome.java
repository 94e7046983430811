package clawster.packages;

import java.util.List;

/** What became of a request, as its client knows. */
public sealed interface Outcome {

  /**
   * @see Reply.Done
   */
  record Done(List<PackageState> packages) implements Outcome {
    public Done {
      packages = List.copyOf(packages);
    }
  }

  record Failed(FailureCode code, String error) implements Outcome {}

  /**
   * It was sent, and how it ended was not heard: the helper may have done it, or be doing it still.
   * What is installed tells, once somebody answers ({@link Action#QUERY}).
   */
  record Unknown(String why) implements Outcome {}
}
