package clawster.runtime.runs;

/**
 * One committed line of a run log.
 *
 * @param seq dense from 1
 * @param epoch the owner that wrote it, from 1
 * @param step the model call it belongs to, from 0
 */
public record RunEntry(long seq, int epoch, int step, RunWord word) {

  public boolean ends() {
    return word instanceof RunWord.Ending;
  }
}
