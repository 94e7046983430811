package clawster.persistence.database;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Rows that nodes remember for a while: a number tells them that some have changed, and each says
 * when it was last used.
 *
 * @param table has the columns {@code id} and {@code last_used}
 * @param fact name of the number
 */
public record RememberedRows(Database database, String table, String fact) {

  /** The number as it is. */
  public CompletionStage<Long> revision() {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  "select value::bigint from cluster_fact where name = ?")) {
            statement.setString(1, fact);
            try (var result = statement.executeQuery()) {
              result.next();
              return result.getLong(1);
            }
          }
        });
  }

  /** Older times than those known are ignored. */
  public CompletionStage<Void> used(Map<UUID, Instant> times) {
    return database.ask(
        connection -> {
          try (var statement =
              connection.prepareStatement(
                  """
                  update %1$s set last_used = used.at
                  from unnest(?::uuid[], ?::timestamptz[]) as used (id, at)
                  where %1$s.id = used.id
                    and (%1$s.last_used is null or %1$s.last_used < used.at)
                  """
                      .formatted(table))) {
            var entries = List.copyOf(times.entrySet());
            statement.setArray(
                1,
                connection.createArrayOf(
                    "uuid", entries.stream().map(Map.Entry::getKey).toArray()));
            statement.setArray(
                2,
                connection.createArrayOf(
                    "timestamptz",
                    entries.stream().map(entry -> entry.getValue().toString()).toArray()));
            statement.executeUpdate();
            return null;
          }
        });
  }
}
