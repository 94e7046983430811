package clawster.bench.upstream;

/** One message as the script sees it: the same whatever wire it came by. */
record Message(Role role, String text) {

  enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL
  }

  boolean is(Role wanted) {
    return role == wanted;
  }
}
