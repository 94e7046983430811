package clawster.runtime.identity;

import java.util.Locale;

/** What a caller is to people and dashboards, the least first. What it may do its scopes say. */
public enum Role {
  VIEWER,
  OPERATOR,
  ADMIN;

  /** As GoClaw's protocol has it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
