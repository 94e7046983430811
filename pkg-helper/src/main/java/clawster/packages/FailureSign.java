package clawster.packages;

import java.util.List;

/** Words by which a package manager shows why it failed. */
public record FailureSign(String words, FailureCode code) {

  /** Of the first sign that is there. */
  public static FailureCode first(List<FailureSign> signs, String said) {
    return signs.stream()
        .filter(sign -> said.contains(sign.words))
        .map(FailureSign::code)
        .findFirst()
        .orElse(FailureCode.SYSTEM_ERROR);
  }
}
