package clawster.persistence.members;

/** The database could not be asked about members; asking again may help. */
public final class MembersAway extends Exception {

  private static final long serialVersionUID = 1L;

  public MembersAway(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
