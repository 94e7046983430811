package clawster.runtime.identity;

/** What a caller is to people and dashboards, the least first. What it may do its scopes say. */
public enum Role {
  VIEWER,
  OPERATOR,
  ADMIN
}
