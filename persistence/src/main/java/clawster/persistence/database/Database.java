package clawster.persistence.database;

import clawster.persistence.postgres.DatabaseAddress;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.flywaydb.core.Flyway;

/**
 * Reads on a small pool, each on a virtual thread of its own; who wants a connection for good opens
 * one. Every wait ends within seconds when the database is away.
 */
public final class Database implements AutoCloseable {

  private static final int READERS = 4;
  private static final int CONNECT_SECONDS = 3;
  private static final int READ_SECONDS = 15;

  /**
   * PostgreSQL's side of a connection whose client's host has vanished ends within eleven seconds,
   * and what the connection holds with it, instead of within two hours. Said afterwards and not
   * when connecting: poolers refuse options that they do not know.
   */
  private static final String NOTICE_VANISHED_CLIENTS =
      """
      set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
      set tcp_user_timeout = 11000;
      """;

  /** What waits in the middle of a transaction has died, and others wait for its locks. */
  private static final String END_LEFT_TRANSACTIONS =
      "set idle_in_transaction_session_timeout = '%ds'".formatted(READ_SECONDS);

  /**
   * What waited for a lock has to see what was done by who had it, whatever the server's default.
   */
  private static final String SEE_WHAT_WAS_COMMITTED =
      "set default_transaction_isolation = 'read committed'";

  /** For every connection. */
  private static final String MANNERS = NOTICE_VANISHED_CLIENTS + SEE_WHAT_WAS_COMMITTED;

  /** Asks the database something. */
  public interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  private final DatabaseAddress address;
  private final HikariDataSource pool;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public Database(DatabaseAddress address) {
    this.address = address;
    var config = new HikariConfig();
    config.setPoolName("clawster-readers");
    config.setJdbcUrl(address.jdbcUrl());
    config.setUsername(address.user());
    config.setPassword(address.password());
    config.setMaximumPoolSize(READERS);
    config.setMinimumIdle(1);
    config.setConnectionInitSql(MANNERS + "; " + END_LEFT_TRANSACTIONS);
    config.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("connectTimeout", CONNECT_SECONDS);
    config.addDataSourceProperty("socketTimeout", READ_SECONDS);
    config.addDataSourceProperty("tcpKeepAlive", true);
    config.addDataSourceProperty("ApplicationName", "clawster");
    this.pool = new HikariDataSource(config);
  }

  public DatabaseAddress address() {
    return address;
  }

  /** Brings the schema to what this version expects. Blocks; safe for two nodes at once. */
  public void migrate() {
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(address.jdbcUrl(), address.user(), address.password())
        .locations("classpath:clawster/persistence/migrations")
        .connectRetries(5)
        .load()
        .migrate();
  }

  /** Asks on a pooled connection; fails with the {@link SQLException} as cause. */
  public <T> CompletionStage<T> ask(Question<T> question) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (var connection = pool.getConnection()) {
            return question.ask(connection);
          } catch (SQLException e) {
            throw new DatabaseAway(e);
          }
        },
        threads);
  }

  /** Likewise; what it changes is changed together or not at all. */
  public <T> CompletionStage<T> transact(Question<T> question) {
    return ask(
        connection -> {
          connection.setAutoCommit(false);
          try {
            var answer = question.ask(connection);
            connection.commit();
            return answer;
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          }
        });
  }

  /** A connection of one's own, outside the pool. */
  public Connection connect() throws SQLException {
    return connect(Duration.ofSeconds(READ_SECONDS));
  }

  /** Likewise, broken when an answer takes longer than {@code patience}. */
  public Connection connect(Duration patience) throws SQLException {
    return connect(address, patience);
  }

  /** Likewise, for who has no {@link Database} and needs but this connection. */
  public static Connection connect(DatabaseAddress address, Duration patience) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
    properties.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(patience.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("ApplicationName", "clawster");
    var connection = DriverManager.getConnection(address.jdbcUrl(), properties);
    try (var statement = connection.createStatement()) {
      statement.execute(MANNERS);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() {
    threads.close();
    pool.close();
  }
}
