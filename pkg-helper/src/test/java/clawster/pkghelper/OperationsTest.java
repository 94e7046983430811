package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.Action;
import clawster.packages.Apk;
import clawster.packages.FailureCode;
import clawster.packages.Order;
import clawster.packages.PackageName;
import clawster.packages.PackageState;
import clawster.packages.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class OperationsTest {

  private static final Apk APK = new Apk();
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  @TempDir private Path place;
  private final ByteArrayOutputStream audited = new ByteArrayOutputStream();
  private ScriptedApk apk;
  private Succession helpers;
  private Operations operations;

  @BeforeEach
  void prepare() throws IOException {
    apk = ScriptedApk.in(place);
    helpers = new Succession(place, APK, apk.path(), audited);
    operations = helpers.next(LIMITS);
  }

  private static Order order(Action action, String... name) {
    return new Order(
        action, name.length == 0 ? Optional.empty() : PackageName.of(APK.names(), name[0]), false);
  }

  private Reply perform(Action action, String... name) {
    return operations.perform(order(action, name), _ -> {});
  }

  private static Reply done(String name, String version) {
    return new Reply.Done(
        List.of(
            new PackageState(
                name, Optional.of(version).filter(v -> !v.isEmpty()), Optional.empty())));
  }

  private static FailureCode failure(Reply reply) {
    return assertInstanceOf(Reply.Failed.class, reply).code();
  }

  private String list() throws IOException {
    return helpers.remembered("system-packages");
  }

  @Test
  void whatIsInstalledIsThereAndRemembered() throws IOException {
    assertEquals(done("hello", "1.0-r0"), perform(Action.INSTALL, "hello"));
    assertTrue(apk.hasInstalled("hello"));
    assertEquals("hello\n", list());
    assertEquals(done("hello", "1.0-r0"), perform(Action.LIST));
    assertEquals(done("hello", "1.0-r0"), perform(Action.INSTALL, "hello"), "again");
    assertEquals(done("hello", ""), perform(Action.UNINSTALL, "hello"));
    assertFalse(apk.hasInstalled("hello"));
    assertEquals("", list());
    assertEquals(done("hello", ""), perform(Action.UNINSTALL, "hello"), "again");
    assertEquals("", helpers.remembered("unfinished"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"apt", "libc6", "agent-runtime"})
  void whatBelongsToTheSystemIsNotRemoved(String name) throws IOException {
    apk.isInstalled(name, "1-r0");
    assertEquals(done(name, "1-r0"), perform(Action.INSTALL, name), "it is there already");
    assertEquals("", list(), "and does not become ours by asking for it");
    assertEquals(FailureCode.PERMISSION, failure(perform(Action.UNINSTALL, name)));
    assertTrue(apk.hasInstalled(name));
  }

  @Test
  void programsSeeNothingOfUs() throws IOException {
    perform(Action.INSTALL, "hello");
    var path = String.join(":", apk.path().stream().map(Path::toString).toList());
    assertEquals(
        List.of("HOME=/", "LC_ALL=C.UTF-8", "PATH=" + path),
        apk.told("environment")
            .lines()
            .filter(line -> !line.matches("(PWD|OLDPWD|SHLVL|_)=.*"))
            .toList());
  }

  @Test
  void whatItSaysIsPassedOn() {
    var said = new ArrayList<String>();
    operations.perform(order(Action.INSTALL, "hello"), said::add);
    assertEquals(List.of("add hello"), said);
  }

  @Test
  void changesAreMadeOneAtATime() throws Exception {
    var replies = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 6; i++) {
      var name = "p" + i;
      apk.has(name, i + ".0-r0");
      replies.add(
          CompletableFuture.supplyAsync(
              () -> perform(Action.INSTALL, name), Thread::startVirtualThread));
    }
    for (var reply : replies) {
      assertInstanceOf(Reply.Done.class, reply.get(30, TimeUnit.SECONDS));
    }
    assertEquals("", apk.told("overlapped"));
    assertEquals(6, list().lines().count());
  }

  @Test
  void whoWaitsTooLongIsTold() throws Exception {
    operations =
        helpers.next(new Limits(LIMITS.request(), LIMITS.operation(), Duration.ofMillis(50)));
    apk.waits();
    var first =
        CompletableFuture.supplyAsync(
            () -> perform(Action.INSTALL, "hello"), Thread::startVirtualThread);
    apk.awaitBusy();
    assertEquals(FailureCode.LOCKED, failure(perform(Action.UNINSTALL, "hello")));
    assertEquals(done("hello", ""), perform(Action.QUERY, "hello"), "a question does not wait");
    apk.goesOn();
    assertInstanceOf(Reply.Done.class, first.get(30, TimeUnit.SECONDS));
  }

  @Test
  void whatTakesTooLongEndsWithAllItStarted() throws Exception {
    operations =
        helpers.next(new Limits(LIMITS.request(), Duration.ofSeconds(5), LIMITS.waiting()));
    apk.waits();
    apk.leavesAChildThatDoesNotHear();
    var reply =
        CompletableFuture.supplyAsync(
            () -> perform(Action.INSTALL, "hello"), Thread::startVirtualThread);
    var child = apk.child();
    assertEquals(FailureCode.TIMEOUT, failure(reply.get(30, TimeUnit.SECONDS)));
    child.onExit().get(10, TimeUnit.SECONDS);
    assertEquals("", list());
    assertEquals("", helpers.remembered("unfinished"));
    assertTrue(audited.toString().contains("\"event\":\"reconciled\""), audited::toString);
  }

  @Test
  void whatIsNotFoundIsLookedForOnceMoreInANewIndex() throws IOException {
    apk.hasLate("fresh", "3-r0");
    assertEquals(done("fresh", "3-r0"), perform(Action.INSTALL, "fresh"));
    assertEquals(FailureCode.NOT_FOUND, failure(perform(Action.INSTALL, "nonsuch")));
    assertEquals(
        2, apk.asked().stream().filter(line -> line.endsWith("add --no-cache nonsuch")).count());
    assertEquals("fresh\n", list());
  }

  @Test
  void whatTheMirrorHasNoMoreIsLookedForOnceMoreInANewIndex() throws IOException {
    apk.hasDropped("hello");
    assertEquals(done("hello", "1.0-r0"), perform(Action.INSTALL, "hello"));
    apk.has("hello", "1.1-r0");
    apk.hasDropped("hello");
    assertEquals(done("hello", "1.1-r0"), perform(Action.UPGRADE, "hello"));
    assertEquals(2, apk.asked().stream().filter(line -> line.endsWith("update")).count());
  }

  @Test
  void anUpdateThatDoesNotHelpIsMadeOnce() throws IOException {
    assertEquals(FailureCode.NOT_FOUND, failure(perform(Action.INSTALL, "nonsuch")));
    assertEquals(1, apk.asked().stream().filter(line -> line.endsWith("update")).count());
  }

  @ParameterizedTest
  @CsvSource({
    "fetching x: temporary error (try again later), NETWORK",
    "fetching x: HTTP 404: Not Found, NETWORK",
    "Unable to lock database, LOCKED"
  })
  void whoCannotAskDoesNotSayThatItIsNotThere(String said, FailureCode code) throws IOException {
    apk.cannotUpdate(said);
    var reply = assertInstanceOf(Reply.Failed.class, perform(Action.INSTALL, "nonsuch"));
    assertEquals(code, reply.code());
    assertTrue(reply.error().contains(said), reply::error);
  }

  @Test
  void whatOtherSourcesHaveIsInstalledThoughOneIsAway() throws IOException {
    apk.hasLate("fresh", "3-r0");
    apk.cannotUpdate("fetching x: temporary error (try again later)");
    assertEquals(done("fresh", "3-r0"), perform(Action.INSTALL, "fresh"));
  }

  /** Else a list of a thousand would keep a small machine busy for as long as somebody likes. */
  @Test
  void aListIsOneQuestion() throws IOException {
    var names = IntStream.range(0, Limits.PACKAGES).mapToObj(i -> "p" + i + "\n").toList();
    helpers.memory().write("system-packages", String.join("", names));
    operations = helpers.next(LIMITS);
    apk.isInstalled("p7", "7.0-r0");
    var listed = assertInstanceOf(Reply.Done.class, perform(Action.LIST)).packages();
    assertEquals(1, apk.asked().size());
    assertEquals(Limits.PACKAGES, listed.size());
    assertEquals(
        List.of(new PackageState("p7", Optional.of("7.0-r0"), Optional.empty())),
        listed.stream().filter(state -> state.installed().isPresent()).toList());
  }

  @Test
  void aFailureLeavesNothingBehind() throws IOException {
    apk.fails("ERROR: Failed to create usr/bin/hello: No space left on device");
    var reply = perform(Action.INSTALL, "hello");
    assertEquals(FailureCode.DISK_FULL, failure(reply));
    assertTrue(((Reply.Failed) reply).error().endsWith("(exit code 1)"), reply::toString);
    assertEquals("", list());
    assertEquals("", helpers.remembered("unfinished"));
  }

  @Test
  void whatIsThereAfterAFailureIsOurs() throws IOException {
    apk.failsAfterwards();
    assertInstanceOf(Reply.Failed.class, perform(Action.INSTALL, "hello"));
    assertTrue(apk.hasInstalled("hello"));
    assertEquals("hello\n", list());
    assertInstanceOf(Reply.Failed.class, perform(Action.UNINSTALL, "hello"));
    assertFalse(apk.hasInstalled("hello"));
    assertEquals("", list());
    assertEquals("", helpers.remembered("unfinished"));
  }

  /** Else what is installed would be forgotten, and what is the system's installed and removed. */
  @Test
  void aQuestionThatFailsIsNoAnswer() throws IOException {
    perform(Action.INSTALL, "hello");
    apk.doesNotKnow();
    for (var action : List.of(Action.QUERY, Action.INSTALL, Action.UNINSTALL, Action.UPGRADE)) {
      assertEquals(FailureCode.SYSTEM_ERROR, failure(perform(action, "hello")), action::toString);
    }
    assertEquals(FailureCode.SYSTEM_ERROR, failure(perform(Action.LIST)), "not an empty list");
    assertEquals("hello\n", list());
    assertTrue(apk.hasInstalled("hello"));
  }

  /** The client hears of its own failure; what became of it is for the next change to find out. */
  @Test
  void whatCannotBeReconciledIsLeftToTheNextChange() throws IOException {
    apk.failsAfterwards();
    apk.forgets();
    var reply = assertInstanceOf(Reply.Failed.class, perform(Action.INSTALL, "hello"));
    assertTrue(reply.error().endsWith("(exit code 1)"), reply::error);
    assertTrue(audited.toString().contains("\"event\":\"reconciliation.failed\""));
    var note = helpers.remembered("unfinished");
    assertTrue(note.startsWith("INSTALL hello "), note);
    assertEquals("", list());
    var next = assertInstanceOf(Reply.Failed.class, perform(Action.INSTALL, "jq"));
    assertTrue(next.error().contains("cannot tell"), next::error);
    assertEquals(note, helpers.remembered("unfinished"), "nothing has begun");
    apk.knowsAgain();
    assertEquals(new Reply.Done(List.of()), perform(Action.UPDATE_INDEX));
    assertEquals("hello\n", list());
    assertEquals("", helpers.remembered("unfinished"));
  }

  @Test
  void whatANameBroughtThatIsNotItsOwnGoesAgain() throws IOException {
    apk.has("postfix", "3-r0");
    apk.isProvided("sendmail", "postfix");
    assertEquals(FailureCode.NOT_FOUND, failure(perform(Action.INSTALL, "sendmail")));
    assertFalse(apk.hasInstalled("postfix"));
    assertEquals("", list());
  }

  /** An index that is half there is a process at work as well. */
  @Test
  void anUpdateOfTheIndexIsNotedToo() throws Exception {
    apk.waits();
    var update =
        CompletableFuture.supplyAsync(
            () -> perform(Action.UPDATE_INDEX), Thread::startVirtualThread);
    apk.awaitBusy();
    assertTrue(helpers.remembered("unfinished").matches("UPDATE_INDEX - \\d+ .*\n"));
    var left = helpers.unfinished().find().orElseThrow();
    assertEquals(Action.UPDATE_INDEX, left.action());
    assertTrue(left.worker().isPresent());
    apk.goesOn();
    assertInstanceOf(Reply.Done.class, update.get(30, TimeUnit.SECONDS));
    assertEquals("", helpers.remembered("unfinished"));
  }

  /** It waits for its turn behind the removal, and finds that nobody wants it any more. */
  @Test
  void whatIsRemovedMeanwhileIsNotBroughtBack() throws Exception {
    perform(Action.INSTALL, "hello");
    apk.has("jq", "1-r0");
    perform(Action.INSTALL, "jq");
    apk.removes("hello");
    operations = helpers.next(LIMITS);
    apk.waits();
    var restored = Thread.ofPlatform().start(operations::restore);
    apk.awaitBusy();
    var removal = new CompletableFuture<Reply>();
    var remover =
        Thread.ofPlatform().start(() -> removal.complete(perform(Action.UNINSTALL, "jq")));
    Await.until("it waits", () -> remover.getState() == Thread.State.TIMED_WAITING);
    apk.goesOn();
    restored.join();
    assertEquals(done("jq", ""), removal.get(30, TimeUnit.SECONDS));
    assertFalse(apk.hasInstalled("jq"));
    assertEquals("hello\n", list());
  }

  @Test
  void aNoteThatIsNoTextIsForgotten() throws IOException {
    helpers.memory().write("unfinished", "x");
    Files.write(helpers.memory().file("unfinished"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertInstanceOf(Reply.Done.class, perform(Action.INSTALL, "hello"));
  }

  @Test
  void whatCannotBeForgottenIsNotFollowed() throws IOException {
    Files.createDirectories(helpers.memory().file("unfinished/in-the-way"));
    assertEquals(FailureCode.SYSTEM_ERROR, failure(perform(Action.INSTALL, "hello")));
    assertEquals(List.of(), apk.asked().stream().filter(l -> l.contains("add")).toList());
  }

  @Test
  void onlyWhatIsInstalledIsUpgraded() throws IOException {
    assertEquals(FailureCode.NOT_FOUND, failure(perform(Action.UPGRADE, "hello")));
    apk.isInstalled("hello", "0.9-r0");
    assertEquals(done("hello", "1.0-r0"), perform(Action.UPGRADE, "hello"));
    assertEquals("", list(), "it is still the system's");
    assertEquals(
        new Reply.Done(
            List.of(new PackageState("hello", Optional.of("1.0-r0"), Optional.of("1.1-r0")))),
        perform(Action.LIST_OUTDATED));
    assertEquals(new Reply.Done(List.of()), perform(Action.UPDATE_INDEX));
  }

  @Test
  void whatIsMissingAfterAStartIsInstalledAgainEachForItself() throws IOException {
    perform(Action.INSTALL, "hello");
    apk.has("jq", "1-r0");
    perform(Action.INSTALL, "jq");
    Files.writeString(
        helpers.memory().file("system-packages"),
        "--root=/tmp/x\ngone\nhello\nevil.apk\n jq\njq\r\n../x\nbash-\njq\n");
    apk.removes("hello");
    apk.removes("jq");
    operations = helpers.next(LIMITS);
    operations.restore();
    assertTrue(apk.hasInstalled("hello"));
    assertTrue(apk.hasInstalled("jq"));
    assertTrue(
        apk.asked().stream().noneMatch(line -> line.matches(".*(/|evil|bash).*")),
        apk.asked()::toString);
    var lines = audited.toString();
    assertEquals(6, lines.lines().filter(l -> l.contains("list.line.ignored")).count(), lines);
    assertTrue(lines.contains("\"event\":\"restore.failed\",\"package\":\"gone\""), lines);
    assertEquals(
        List.of("gone", "hello", "jq"),
        assertInstanceOf(Reply.Done.class, perform(Action.LIST)).packages().stream()
            .map(PackageState::name)
            .toList());
  }

  @Test
  void aGoodNameTooManyIsToldAsThat() throws IOException {
    var names = new StringBuilder();
    for (int i = 0; i <= Limits.PACKAGES; i++) {
      names.append("p").append(i).append('\n');
    }
    helpers.memory().write("system-packages", names.toString());
    helpers.next(LIMITS);
    var told = audited.toString();
    assertTrue(told.contains("\"event\":\"list.is.full\",\"package\":\"p1000\""), told);
    assertEquals(1, told.lines().count(), told);
  }

  /** The helper dies, the package manager does not; the next helper waits for it. */
  @Test
  void whatADeadHelperBeganIsReconciledByTheNext() throws Exception {
    var leftover = new CopyOnWriteArrayList<Reply>();
    apk.waits();
    var process =
        new ProcessBuilder(apk.path().getFirst().resolve("apk").toString(), "add", "hello").start();
    helpers
        .unfinished()
        .begin(Action.INSTALL, PackageName.of(APK.names(), "hello"), process.toHandle());
    apk.awaitBusy();
    operations = helpers.next(LIMITS);
    var restored = Thread.ofPlatform().start(operations::restore);
    var second = Thread.ofPlatform().start(() -> leftover.add(perform(Action.INSTALL, "hello")));
    Await.until(
        "both wait for it",
        () ->
            Stream.of(restored, second)
                .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    assertFalse(apk.hasInstalled("hello"));
    assertEquals(List.of(), leftover);
    apk.goesOn();
    restored.join();
    second.join();
    assertEquals(List.of(done("hello", "1.0-r0")), leftover);
    assertEquals("", apk.told("overlapped"));
    assertEquals("hello\n", list(), "it is ours, though nobody was told");
  }

  @Test
  void aRemovalThatNobodyHeardOfIsReconciledToo() throws Exception {
    perform(Action.INSTALL, "hello");
    var worker = new ProcessBuilder("true").start();
    worker.waitFor();
    helpers
        .unfinished()
        .begin(Action.UNINSTALL, PackageName.of(APK.names(), "hello"), worker.toHandle());
    apk.removes("hello");
    operations = helpers.next(LIMITS);
    operations.restore();
    assertEquals("", list());
    assertFalse(apk.hasInstalled("hello"), "and it is not brought back");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "INSTALL",
        "INSTALL -o 1 -",
        "SHELL hello 1 -",
        "INSTALL hello 1 - more",
        "\0"
      })
  void aNoteThatMakesNoSenseIsForgotten(String note) throws IOException {
    helpers.memory().write("unfinished", note);
    assertInstanceOf(Reply.Done.class, perform(Action.INSTALL, "hello"));
  }

  /** Process numbers come again. */
  @Test
  void aStrangerWithTheSameNumberIsLeftAlone() throws IOException {
    helpers
        .memory()
        .write(
            "unfinished",
            "INSTALL hello " + ProcessHandle.current().pid() + " 2001-01-01T00:00:00Z\n");
    assertInstanceOf(Reply.Done.class, perform(Action.INSTALL, "hello"));
  }
}
