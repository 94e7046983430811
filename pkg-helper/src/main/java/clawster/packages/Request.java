package clawster.packages;

/**
 * A line to the helper, not yet judged.
 *
 * @param name empty where none is given
 * @param progress whether lines are wanted before the reply; who does not ask reads one line only
 */
public record Request(String action, String name, boolean progress) {

  public static Request of(Action action) {
    return new Request(action.wire(), "", false);
  }

  public static Request of(Action action, PackageName name) {
    return new Request(action.wire(), name.text(), false);
  }

  public Request withProgress() {
    return new Request(action, name, true);
  }
}
