package clawster.persistence.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real servers, real processes, real kills. After each story nothing of it may be running. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class EmbeddedPostgresTest {

  private static final Path PROGRAMS = Path.of("target/postgres-programs").toAbsolutePath();
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path temporary;
  private final List<String> steps = new ArrayList<>();
  private PostgresFiles files;
  private long began;

  @BeforeEach
  void begin() throws Exception {
    files = PostgresFiles.of(temporary.toRealPath());
    began = System.nanoTime();
  }

  @AfterEach
  void nothingStaysBehind() throws Exception {
    NodePresence.leave(files);
    await("every process of " + files.directory() + " gone", () -> processes("").isEmpty());
  }

  @Test
  void coldThenWarm() throws Exception {
    try (DataDirectory directory = DataDirectory.claim(temporary, 1)) {
      DatabaseAddress address = EmbeddedPostgres.ensure(directory.path(), steps::add);
      took("cold start with unpacking");
      assertEquals(
          List.of("unpacking PostgreSQL", "creating the database", "starting the database"), steps);
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(files.password())));
      assertEquals(
          "UTF8 b C C.UTF-8 on on on off Ä",
          query(
              address,
              """
              select concat_ws(' ', pg_encoding_to_char(encoding), datlocprovider, datcollate, datlocale,
                current_setting('data_checksums'), current_setting('fsync'), current_setting('synchronous_commit'),
                current_setting('jit'), upper('ä')) from pg_database where datname = current_database()
              """));
      execute(address, "create extension pg_trgm; create table kept as select 42 as answer");
      wrongPasswordIsRefused(address);
      System.out.println(memory());
    }
    await("the database stopped", () -> processes("").isEmpty());
    assertFalse(Files.exists(files.data().resolve("postmaster.pid")), "stopped cleanly");
    began = System.nanoTime();
    steps.clear();
    DatabaseAddress again = ensure();
    took("warm start");
    assertEquals("starting the database", steps.getLast());
    assertFalse(steps.contains("creating the database"));
    assertEquals("42", query(again, "select answer from kept"));
    began = System.nanoTime();
    assertEquals(again, ensure());
    took("ensure while it runs");
  }

  @Test
  void twoColdStartsAtOnceMakeOneServer() throws Exception {
    try (NodeProcess one = node();
        NodeProcess other = node()) {
      assertEquals(one.awaitLine("address"), other.awaitLine("address"));
      took("two cold starts in two processes");
      assertEquals(1, processes("/bin/postgres").size());
      one.kill();
      assertEquals("1", query(ensure(), "select 1"));
      NodePresence.leave(files);
      assertEquals(1, processes("/bin/postgres").size());
      began = System.nanoTime();
      other.kill();
      await("the server gone after its last node", () -> processes("").isEmpty());
      took("gone after the last node was killed");
    }
  }

  @Test
  void aKilledServerIsBackAtTheSameAddress() throws Exception {
    DatabaseAddress address = ensure();
    for (int i = 0; i < 2; i++) {
      execute(address, "create table t" + i + " as select 7 as n");
      ProcessHandle killed = processes("/bin/postgres").getFirst();
      began = System.nanoTime();
      killed.destroyForcibly();
      await("answers again", () -> answers(address));
      took("kill -9 of postgres until it answers");
      assertNotEquals(killed.pid(), processes("/bin/postgres").getFirst().pid());
      assertEquals("7", query(address, "select n from t" + i));
    }
  }

  @Test
  void aKilledWatchdogIsReplaced() throws Exception {
    DatabaseAddress address = ensure();
    began = System.nanoTime();
    processes(PostgresWatchdog.class.getName()).getFirst().destroyForcibly();
    await("the server follows its watchdog", () -> !answers(address));
    assertEquals(address, ensure());
    took("kill -9 of the watchdog until ensure returned");
    assertEquals("1", query(address, "select 1"));
  }

  @Test
  void bothKilledAtOnceAreReplaced() throws Exception {
    DatabaseAddress address = ensure();
    execute(address, "create table t as select 7 as n");
    began = System.nanoTime();
    ProcessHandle watchdog = processes(PostgresWatchdog.class.getName()).getFirst();
    ProcessHandle server = processes("/bin/postgres").getFirst();
    watchdog.destroyForcibly();
    server.destroyForcibly();
    DatabaseAddress healed = ensure();
    took("kill -9 of both until ensure returned");
    assertEquals("7", query(healed, "select n from t"));
    assertEquals(1, processes("/bin/postgres").size());
  }

  @Test
  void whoeverJoinsWhileTheLastLeavesGetsADatabase() throws Exception {
    ensure();
    for (int delayMillis : new int[] {0, 20, 60, 120, 250}) {
      NodePresence.leave(files);
      Thread.sleep(delayMillis);
      assertEquals("1", query(ensure(), "select 1"), "after " + delayMillis + " ms");
      assertEquals(1, processes("/bin/postgres").size());
    }
    took("five rejoins");
    NodePresence.leave(files);
    try (NodeProcess joining = node()) {
      joining.awaitLine("address");
      assertEquals("1", query(ensure(), "select 1"));
      joining.leave();
      NodePresence.leave(files);
    }
  }

  @Test
  void halfADatabaseIsRefusedAndLeftAlone() throws Exception {
    Files.createDirectories(files.data());
    Path remains = Files.createFile(files.data().resolve("base"));
    String refusal = assertThrows(StartRefused.class, this::ensure).getMessage();
    assertTrue(refusal.contains("holds no complete database"), refusal);
    assertTrue(Files.exists(remains));
  }

  @Test
  void aBrokenServerIsReportedWithItsOwnWords() throws Exception {
    ensure();
    NodePresence.leave(files);
    await("the database stopped", () -> processes("").isEmpty());
    Files.delete(files.data().resolve("global/pg_control"));
    String refusal =
        assertThrows(
                StartRefused.class,
                () ->
                    EmbeddedPostgres.ensure(temporary, PROGRAMS, Duration.ofSeconds(5), steps::add))
            .getMessage();
    assertTrue(refusal.contains("pg_control") && !refusal.contains("\n"), refusal);
  }

  private NodeProcess node() throws Exception {
    return NodeProcess.ensuring(temporary, PROGRAMS);
  }

  private DatabaseAddress ensure() {
    return EmbeddedPostgres.ensure(temporary, PROGRAMS, steps::add);
  }

  private static void wrongPasswordIsRefused(DatabaseAddress address) {
    try (var _ = DriverManager.getConnection(address.jdbcUrl(), address.user(), "wrong")) {
      throw new AssertionError("any password will do");
    } catch (SQLException e) {
      assertEquals("28P01", e.getSQLState());
    }
  }

  private static boolean answers(DatabaseAddress address) {
    try {
      return query(address, "select 1").equals("1");
    } catch (SQLException _) {
      return false;
    }
  }

  private static String query(DatabaseAddress address, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(DatabaseAddress address, String sql) throws SQLException {
    try (var connection =
        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())) {
      connection.createStatement().execute(sql);
    }
  }

  /** Processes that name this story's directory, except nodes; a server's children name nothing. */
  private List<ProcessHandle> processes(String containing) {
    return ProcessHandle.allProcesses().filter(process -> is(process, containing)).toList();
  }

  private boolean is(ProcessHandle process, String containing) {
    var line = commandLine(process);
    return line.contains(files.directory().toString())
        && line.contains(containing)
        && !(containing.startsWith("/bin") && line.contains("Watchdog"))
        && !hasJustBegun(process, line);
  }

  /** Then it still has its parent's words. */
  private static boolean hasJustBegun(ProcessHandle process, String line) {
    return process.parent().map(EmbeddedPostgresTest::commandLine).equals(Optional.of(line));
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
    } catch (IOException _) {
      return "";
    }
  }

  private String memory() throws Exception {
    long watchdog = pss(processes(PostgresWatchdog.class.getName()).getFirst());
    ProcessHandle server = processes("/bin/postgres").getFirst();
    long postgres = pss(server) + server.descendants().mapToLong(EmbeddedPostgresTest::pss).sum();
    return "PSS: watchdog %d MB, postgres %d MB".formatted(watchdog / 1024, postgres / 1024);
  }

  private static long pss(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup")).stream()
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException _) {
      return 0;
    }
  }

  private void took(String what) {
    System.out.println("%s: %d ms".formatted(what, (System.nanoTime() - began) / 1_000_000));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      Thread.sleep(10);
    }
  }
}
