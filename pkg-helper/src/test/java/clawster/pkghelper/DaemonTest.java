package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.packages.Action;
import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.packages.PackageState;
import clawster.packages.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole helper, with a scripted {@code apk} behind it, and those who mean it ill. */
@Timeout(120)
final class DaemonTest {

  private static final Request INSTALL = new Request("install", "hello", false);
  private static final Request QUERY = new Request("query", "hello", false);

  @TempDir private Path place;
  private ScriptedApk apk;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    apk = ScriptedApk.in(place);
  }

  @AfterEach
  void clear() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private int id(String which) throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + which);
  }

  private String path() {
    return apk.path().stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private RunningDaemon start(String... more) throws IOException {
    var options = new ArrayList<>(List.of("--path", path()));
    options.addAll(List.of(more));
    return kept(RunningDaemon.start(place, id("uid"), id("gid"), options.toArray(String[]::new)));
  }

  private <T extends AutoCloseable> T kept(T each) {
    open.add(each);
    return each;
  }

  private SocketChannel connected(RunningDaemon daemon) throws IOException {
    return kept(daemon.connect());
  }

  private static Outcome done(String version) {
    return new Outcome.Done(
        List.of(
            new PackageState(
                "hello", Optional.of(version).filter(v -> !v.isEmpty()), Optional.empty())));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static FailureCode failure(Outcome outcome) {
    return assertInstanceOf(Outcome.Failed.class, outcome).code();
  }

  @Test
  void itInstallsAndSaysSo() throws Exception {
    var daemon = start();
    assertEquals("rw-rw----", mode(daemon.socket()));
    assertEquals("rwxr-x---", mode(daemon.socket().getParent()));
    assertEquals(done("1.0-r0"), daemon.ask(INSTALL));
    assertEquals("0022", apk.told("umask").strip(), "what is installed is for everybody");
    assertEquals(done("1.0-r0"), daemon.ask(Request.of(Action.LIST)));
    assertEquals(done(""), daemon.ask(new Request("uninstall", "hello", false)));
    for (var event : List.of("started", "change.asked", "change.ended")) {
      daemon.awaitSaid("\"event\":\"" + event + "\"");
    }
  }

  @Test
  void itTakesLittle() throws Exception {
    var daemon = start();
    daemon.ask(INSTALL);
    var resident =
        Files.readAllLines(Path.of("/proc/" + daemon.process().pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
    assertTrue(resident <= 64 * 1024, resident + " KiB");
  }

  /** As clients of the first protocol have it: one line for each request, in their order. */
  @Test
  void aConnectionTakesSeveralRequests() throws Exception {
    var channel = connected(start());
    RunningDaemon.send(
        channel,
        """
        {"action":"install"
        {"action":"install","package":""}
        {"action":"install","package":"-o"}
        {"action":"shell","package":"jq"}

        {"action":"query","package":"hello"}
        """);
    for (var error :
        List.of(
            "invalid json",
            "package required",
            "invalid package name",
            "unknown action: shell",
            "invalid json")) {
      assertEquals(
          "{\"ok\":false,\"error\":\"" + error + "\",\"code\":\"validation\"}",
          RunningDaemon.line(channel));
    }
    assertEquals(
        "{\"ok\":true,\"data\":{\"packages\":[{\"name\":\"hello\"}]}}",
        RunningDaemon.line(channel));
    assertTrue(apk.asked().stream().noneMatch(line -> line.contains("add")));
  }

  @Test
  void progressComesToWhoAsksForIt() throws Exception {
    var channel = connected(start());
    RunningDaemon.send(
        channel, "{\"action\":\"install\",\"package\":\"hello\",\"progress\":true}\n");
    assertEquals("{\"progress\":\"add hello\"}", RunningDaemon.line(channel));
    assertTrue(RunningDaemon.line(channel).startsWith("{\"ok\":true"));
  }

  @Test
  void theFourthConnectionIsTurnedAway() throws Exception {
    var daemon = start();
    var first = connected(daemon);
    connected(daemon);
    connected(daemon);
    for (int i = 0; i < 5; i++) {
      assertEquals(FailureCode.LOCKED, failure(daemon.ask(QUERY)));
    }
    first.close();
    Await.until("a place is free", () -> daemon.ask(QUERY).equals(done("")));
  }

  @Test
  void whoIsSlowLosesTheConnection() throws Exception {
    var daemon = start("--request-seconds", "2");
    var silent = connected(daemon);
    var half = connected(daemon);
    assertEquals("", heardAfter("{\"action\":\"install\"", half));
    assertEquals("", heardAfter("", silent));
    assertEquals(done(""), daemon.ask(QUERY));
  }

  private static String heardAfter(String said, SocketChannel channel) {
    try {
      RunningDaemon.send(channel, said);
      return RunningDaemon.heard(channel);
    } catch (IOException _) {
      // It was cut off before, or with something unread.
      return "";
    }
  }

  @Test
  void aLineWithoutEndIsNotReadToItsEnd() throws Exception {
    var daemon = start();
    var channel = connected(daemon);
    var sender =
        CompletableFuture.runAsync(
            () -> {
              try {
                RunningDaemon.send(channel, "x".repeat(1024 * 1024));
              } catch (IOException _) {
                // It has closed, as it should.
              }
            },
            Thread::startVirtualThread);
    assertTrue(RunningDaemon.line(channel).contains("\"code\":\"validation\""));
    sender.get(30, TimeUnit.SECONDS);
    assertEquals(done(""), daemon.ask(QUERY));
  }

  @Test
  void rubbishHarmsNobody() throws Exception {
    var daemon = start();
    var channel = connected(daemon);
    channel.write(ByteBuffer.wrap(new byte[] {0, (byte) 0xff, (byte) 0xfe, '\n'}));
    assertTrue(RunningDaemon.line(channel).contains("\"code\":\"validation\""));
    assertEquals(done(""), daemon.ask(QUERY));
  }

  @Test
  void whoTalksNonsenseInALoopFillsNoLog() throws Exception {
    var daemon = start();
    var channel = connected(daemon);
    for (int i = 0; i < 300; i++) {
      RunningDaemon.send(channel, "{\n");
      assertTrue(RunningDaemon.line(channel).contains("invalid json"));
    }
    daemon.awaitSaid("\"event\":\"repeated\",\"of\":\"request.refused\",\"times\":\"");
    assertTrue(daemon.said().lines().count() < 100, daemon.said());
  }

  /** Who does not take the replies costs a connection, and others nothing. */
  @Test
  void whoDoesNotListenKeepsNobodyWaiting() throws Exception {
    var daemon = start();
    var deaf = connected(daemon);
    deaf.configureBlocking(false);
    var request =
        ByteBuffer.wrap("{\"action\":\"list\"}\n".repeat(3000).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 100; i++) {
      deaf.write(request.rewind());
    }
    assertEquals(done("1.0-r0"), daemon.ask(INSTALL));
  }

  /** A line at a time, each just in time: the package manager would wait with every one of them. */
  @Test
  void whoListensSlowlyDoesNotStretchAChange() throws Exception {
    var daemon = start("--operation-seconds", "20");
    apk.saysMuch();
    var dripping = connected(daemon);
    RunningDaemon.send(
        dripping, "{\"action\":\"install\",\"package\":\"hello\",\"progress\":true}\n");
    apk.awaitAsked("add");
    var reader = CompletableFuture.runAsync(() -> drip(dripping, apk), Thread::startVirtualThread);
    assertEquals(done("1.0-r0"), daemon.ask(INSTALL));
    daemon.awaitSaid("\"result\":\"ok\"");
    assertFalse(daemon.said().contains("\"result\":\"timeout\""), daemon.said());
    reader.cancel(true);
  }

  private static void drip(SocketChannel channel, ScriptedApk apk) {
    var little = ByteBuffer.allocate(16 * 1024);
    try {
      while (!apk.hasInstalled("hello") && channel.read(little.clear()) >= 0) {
        LockSupport.parkNanos(300_000_000);
      }
    } catch (IOException _) {
      // It was cut off, as it should be.
    }
  }

  @Test
  void whatBeganGoesOnWithoutWhoAskedForIt() throws Exception {
    var daemon = start();
    apk.waits();
    var channel = daemon.connect();
    RunningDaemon.send(
        channel, "{\"action\":\"install\",\"package\":\"hello\",\"progress\":true}\n");
    apk.awaitBusy();
    channel.close();
    apk.goesOn();
    daemon.awaitSaid("\"result\":\"ok\"");
    assertEquals(done("1.0-r0"), daemon.ask(Request.of(Action.LIST)));
  }

  @Test
  void whoeverAsksAtTheSameTimeIsServedInTurn() throws Exception {
    var daemon = start();
    apk.has("jq", "1-r0");
    var asked = new ArrayList<CompletableFuture<Outcome>>();
    for (var name : List.of("hello", "jq", "hello")) {
      asked.add(
          CompletableFuture.supplyAsync(
              () -> daemon.ask(new Request("install", name, true)), Thread::startVirtualThread));
    }
    for (var outcome : asked) {
      assertInstanceOf(Outcome.Done.class, outcome.get(60, TimeUnit.SECONDS));
    }
    assertEquals("", apk.told("overlapped"));
  }

  /** Killed without a word: its client does not know, the next helper finds out. */
  @Test
  void whatAKilledHelperWasAtIsFoundOut() throws Exception {
    var first = start();
    apk.waits();
    var outcome =
        CompletableFuture.supplyAsync(() -> first.ask(INSTALL), Thread::startVirtualThread);
    apk.awaitBusy();
    first.process().destroyForcibly().waitFor();
    assertInstanceOf(Outcome.Unknown.class, outcome.get(30, TimeUnit.SECONDS));
    assertEquals(FailureCode.HELPER_UNAVAILABLE, failure(first.ask(QUERY)));
    var second = start();
    assertEquals(done(""), second.ask(QUERY), "it is not there yet, and nobody waits to say so");
    apk.goesOn();
    second.awaitSaid("\"event\":\"reconciled\"");
    assertEquals(done("1.0-r0"), second.ask(Request.of(Action.LIST)));
    assertEquals("", apk.told("overlapped"));
  }

  @Test
  void toldToEndItTakesItsSocketAway() throws Exception {
    var daemon = start();
    assertEquals(done(""), daemon.ask(QUERY), "it serves, and so knows how to end");
    daemon.process().destroy();
    assertTrue(daemon.process().waitFor(20, TimeUnit.SECONDS));
    assertFalse(Files.exists(daemon.socket()));
  }

  private String refusal(String... more) throws Exception {
    var command = RunningDaemon.command(place, id("uid"), id("gid"), more);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), said);
    return said;
  }

  @Test
  void whatItCannotBelieveStopsTheStart() throws Exception {
    assertTrue(refusal("--path", "/nowhere").contains("neither apt nor apk"));
    assertTrue(refusal("--surprise", "x").contains("--surprise"));
    var run = Files.createDirectory(place.resolve("run"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(refusal("--path", path()).contains("0750"));
    Files.delete(run);
    var memory = place.resolve("memory");
    assertTrue(Files.isDirectory(memory));
    Files.writeString(memory.resolve("system-packages"), "hello\n");
    Files.setPosixFilePermissions(
        memory.resolve("system-packages"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertTrue(refusal("--path", path()).contains("system-packages"));
    assertFalse(apk.hasInstalled("hello"), "nothing was installed from it");
  }

  @Test
  void thereIsOneHelperForAList() throws Exception {
    start();
    assertTrue(refusal("--path", path()).contains("another helper"));
  }

  // --- as root, for other users ------------------------------------------------------------------

  private static final int NODE = 64_321;
  private static final int STRANGER = 64_322;

  private void assumeRoot() throws IOException {
    assumeTrue(id("uid") == 0, "NOT TRIED: only root can be somebody else");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/setpriv")), "NOT TRIED: there is no setpriv here");
  }

  /** What that user hears; the program is where everybody can read it. */
  private String knock(Path socket, int user, int group) throws Exception {
    var program = place.resolve("knock/clawster/pkghelper/Knock.class");
    if (!Files.exists(program)) {
      Files.createDirectories(program.getParent());
      try (var compiled = Knock.class.getResourceAsStream("Knock.class")) {
        Files.copy(compiled, program);
      }
    }
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    var process =
        new ProcessBuilder(
                "/usr/bin/setpriv",
                "--reuid=" + user,
                "--regid=" + group,
                "--clear-groups",
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                place.resolve("knock").toString(),
                "clawster.pkghelper.Knock",
                socket.toString(),
                "{\"action\":\"install\",\"package\":\"hello\"}")
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  @Test
  void onlyTheNodesUserIsServed() throws Exception {
    assumeRoot();
    var daemon = kept(RunningDaemon.start(place, NODE, NODE, "--path", path()));
    assertEquals(NODE, (Integer) Files.getAttribute(daemon.socket(), "unix:gid"));
    assertEquals(0, (Integer) Files.getAttribute(daemon.socket(), "unix:uid"));

    var outsider = knock(daemon.socket(), STRANGER, STRANGER);
    assertTrue(outsider.contains("cannot: Permission denied"), outsider);

    var colleague = knock(daemon.socket(), STRANGER, NODE);
    assertTrue(colleague.contains("\"code\":\"permission\""), colleague);
    daemon.awaitSaid("\"event\":\"peer.refused\",\"peer\":\"" + STRANGER + "\"");
    assertEquals(List.of(), apk.asked());

    var node = knock(daemon.socket(), NODE, NODE);
    assertTrue(node.contains("\"version\":\"1.0-r0\""), node);
  }

  /** The node reads its list and cannot change it, nor put another in its place. */
  @Test
  void theListIsRootsAndTheNodeMayReadIt() throws Exception {
    assumeRoot();
    var daemon = kept(RunningDaemon.start(place, NODE, NODE, "--path", path()));
    daemon.ask(INSTALL);
    var list = place.resolve("memory/system-packages");
    assertEquals("rw-r-----", mode(list));
    assertEquals("rwxr-x---", mode(list.getParent()));
    assertEquals(0, (Integer) Files.getAttribute(list, "unix:uid"));
    assertEquals(NODE, (Integer) Files.getAttribute(list, "unix:gid"));
  }

  /**
   * A real disk without room: what could not be remembered is not begun, and what is there stays.
   */
  @Test
  void aFullDiskLosesNothing() throws Exception {
    assumeRoot();
    var memory = Files.createDirectory(place.resolve("memory"));
    Files.setPosixFilePermissions(memory, PosixFilePermissions.fromString("rwxr-x---"));
    var mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k,mode=0750", "none", "" + memory)
            .redirectErrorStream(true)
            .start();
    assumeTrue(mount.waitFor() == 0, "NOT TRIED: nothing can be mounted here");
    kept(() -> new ProcessBuilder("umount", "-l", memory.toString()).start().waitFor());
    var daemon = start();
    assertEquals(done("1.0-r0"), daemon.ask(INSTALL));
    try (var all = Files.newOutputStream(memory.resolve("filler"))) {
      all.write(new byte[1024 * 1024]);
    } catch (IOException _) {
      // Full.
    }
    apk.has("jq", "1-r0");
    var outcome = daemon.ask(new Request("install", "jq", false));
    assertEquals(FailureCode.DISK_FULL, failure(outcome), outcome::toString);
    assertFalse(apk.hasInstalled("jq"));
    assertEquals("hello\n", Files.readString(memory.resolve("system-packages")));
    Files.delete(memory.resolve("filler"));
    assertInstanceOf(Outcome.Done.class, daemon.ask(new Request("install", "jq", false)));
    assertEquals("hello\njq\n", Files.readString(memory.resolve("system-packages")));
  }
}
