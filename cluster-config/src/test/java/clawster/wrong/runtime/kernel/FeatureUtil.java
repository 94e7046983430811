package clawster.wrong.runtime.kernel;

import clawster.wrong.runtime.sessions.DreamRules;

/** Wrong: the kernel knows a feature, and the name is no noun. */
public final class FeatureUtil {

  private FeatureUtil() {}

  public static DreamRules rules() {
    return new DreamRules();
  }
}
