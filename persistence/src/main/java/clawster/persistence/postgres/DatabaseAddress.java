package clawster.persistence.postgres;

import java.util.Objects;

/** How to reach a PostgreSQL: what JDBC wants, and nothing that prints the password. */
public record DatabaseAddress(String jdbcUrl, String user, String password) {

  public DatabaseAddress {
    Objects.requireNonNull(jdbcUrl);
    Objects.requireNonNull(user);
    Objects.requireNonNull(password);
  }

  /**
   * Reads {@code postgres://}, {@code postgresql://} and {@code jdbc:postgresql://}.
   *
   * @throws StartRefused with one sentence that quotes no part of the url
   */
  public static DatabaseAddress parse(String url) {
    return DatabaseUrl.parse(url);
  }

  @Override
  public String toString() {
    return user + " at " + jdbcUrl;
  }
}
