package clawster.runtime.limits;

final class InMemoryAnswerCountsTest implements AnswerCountsContract {

  private final AnswerCounts counts = new InMemoryAnswerCounts();

  @Override
  public AnswerCounts counts() {
    return counts;
  }
}
