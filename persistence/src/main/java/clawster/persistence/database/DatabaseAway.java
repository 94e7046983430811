package clawster.persistence.database;

/** The database did not do what was asked; in most cases because it cannot be reached. */
public final class DatabaseAway extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DatabaseAway(Throwable cause) {
    super(cause);
  }

  public DatabaseAway(String message) {
    super(message, null, false, false);
  }
}
