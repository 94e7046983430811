package clawster.pkghelper;

/** The helper will not start; the message is for whoever started it. */
final class StartRefused extends RuntimeException {

  private static final long serialVersionUID = 1;

  StartRefused(String message) {
    super(message);
  }
}
