package clawster.packages;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the helper can be asked to do. */
public enum Action {
  INSTALL(true, true),
  UNINSTALL(true, true),
  UPGRADE(true, true),
  UPDATE_INDEX(false, true),
  LIST_OUTDATED(false, false),
  /** What was installed through the helper. */
  LIST(false, false),
  /** Whether one package is installed, whoever did it. */
  QUERY(true, false);

  private final boolean named;
  private final boolean changing;

  Action(boolean named, boolean changing) {
    this.named = named;
    this.changing = changing;
  }

  /** Whether it is done to one package. */
  public boolean isNamed() {
    return named;
  }

  /** Whether it is done alone, one at a time. */
  public boolean isChanging() {
    return changing;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Action> ofWire(String text) {
    return Arrays.stream(values()).filter(action -> action.wire().equals(text)).findFirst();
  }
}
