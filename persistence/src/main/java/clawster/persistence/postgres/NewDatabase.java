package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The first start: a password nobody chose and a database cluster that is there whole or not at
 * all.
 */
final class NewDatabase {

  static final String USER = "clawster";
  static final String DATABASE = "postgres";

  private NewDatabase() {}

  static void create(
      PostgresFiles files,
      PostgresBinaries binaries,
      ServerAccount account,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    if (Files.exists(files.data())) {
      requireOurs(files, binaries);
      return;
    }
    progress.accept("creating the database");
    PrivateFiles.write(files.password(), password());
    // A workplace of its own, since the server's account may not write beside the locks.
    Path workplace = files.directory().resolve("new." + UUID.randomUUID());
    PrivateFiles.directory(workplace);
    try {
      Path copy = workplace.resolve("password");
      PrivateFiles.write(copy, Files.readString(files.password()));
      account.own(workplace);
      initdb(binaries, account, workplace.resolve("data"), copy);
      Files.move(workplace.resolve("data"), files.data(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      PrivateFiles.deleteTree(workplace);
    }
  }

  /** C order (by code point) everywhere, but upper and lower case beyond ASCII. */
  private static void initdb(
      PostgresBinaries binaries, ServerAccount account, Path data, Path password)
      throws IOException, InterruptedException {
    Process initdb =
        new ProcessBuilder(
                account.command(
                    binaries.program("initdb"),
                    "--pgdata=" + data,
                    "--username=" + USER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--data-checksums",
                    "--no-instructions"))
            .redirectErrorStream(true)
            .start();
    initdb.getOutputStream().close();
    String said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (initdb.waitFor() != 0) {
      String error =
          said.lines()
              .filter(line -> line.startsWith("initdb:"))
              .findFirst()
              .orElse("initdb failed");
      throw new StartRefused("The database could not be created: " + error);
    }
  }

  private static void requireOurs(PostgresFiles files, PostgresBinaries binaries)
      throws IOException {
    Path version = files.data().resolve("PG_VERSION");
    if (!Files.exists(version) || !Files.exists(files.password())) {
      throw new StartRefused(
          "%s holds no complete database: restore it from a backup or move it away."
              .formatted(files.directory()));
    }
    Path catalog = binaries.home().resolve("share/postgresql/postgres.bki");
    String theirs = "PostgreSQL " + Files.readString(version).strip();
    try (var lines = Files.lines(catalog)) {
      String ours = lines.findFirst().orElse("").replace("#", "").strip();
      if (!ours.equals(theirs)) {
        throw new StartRefused(
            "The database in %s was written by %s and this Clawster carries %s: start the older one."
                .formatted(files.data(), theirs, ours));
      }
    }
  }

  private static String password() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
