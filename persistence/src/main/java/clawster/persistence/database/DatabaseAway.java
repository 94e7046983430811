package clawster.persistence.database;

import clawster.runtime.kernel.StorageAway;

/** The database did not do what was asked; in most cases because it cannot be reached. */
public final class DatabaseAway extends StorageAway {

  private static final long serialVersionUID = 1L;

  public DatabaseAway(Throwable cause) {
    super(cause);
  }

  public DatabaseAway(String message) {
    super(message);
  }
}
