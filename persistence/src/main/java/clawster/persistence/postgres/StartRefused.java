package clawster.persistence.postgres;

/** The start ends here; the message is one sentence for the person who typed the command. */
public final class StartRefused extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StartRefused(String sentence) {
    super(sentence);
  }

  StartRefused(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
