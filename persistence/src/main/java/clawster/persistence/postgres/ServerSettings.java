package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the embedded server is set up: durable, small, reachable from this host only, silent about
 * what statements contain. Written before every start, so {@code alter system} is the place for
 * one's own settings, which win over these.
 */
final class ServerSettings {

  private static final String CONF =
      """
      # Written by Clawster before every start. Use ALTER SYSTEM for settings of your own.
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      password_encryption = 'scram-sha-256'
      max_connections = 60

      # Nothing acknowledged is ever lost.
      fsync = on
      synchronous_commit = on
      full_page_writes = on

      # Small: nodes and database together have 300 MB.
      shared_buffers = '64MB'
      work_mem = '4MB'
      maintenance_work_mem = '32MB'
      jit = off
      max_wal_size = '512MB'
      min_wal_size = '64MB'
      wal_level = 'minimal'
      max_wal_senders = 0
      max_logical_replication_workers = 0
      checkpoint_completion_target = 0.9
      max_parallel_workers_per_gather = 0
      io_method = 'sync'
      autovacuum_max_workers = 2

      # The locks of a node that vanished must not stay.
      tcp_keepalives_idle = 5
      tcp_keepalives_interval = 2
      tcp_keepalives_count = 3
      client_connection_check_interval = '2s'

      timezone = 'UTC'
      log_timezone = 'UTC'
      logging_collector = on
      log_directory = 'log'
      log_filename = 'postgres-%a.log'
      log_file_mode = 0600
      log_rotation_age = '1d'
      log_rotation_size = 0
      log_truncate_on_rotation = on
      log_checkpoints = off
      # A detail may quote a row, and a row may be someone's conversation.
      log_error_verbosity = 'terse'
      log_min_error_statement = 'panic'
      log_parameter_max_length_on_error = 0
      """;

  private static final String HBA =
      """
      host all all 127.0.0.1/32 scram-sha-256
      """;

  private ServerSettings() {}

  static void write(Path data) throws IOException {
    Files.writeString(data.resolve("postgresql.conf"), CONF);
    Files.writeString(data.resolve("pg_hba.conf"), HBA);
  }
}
