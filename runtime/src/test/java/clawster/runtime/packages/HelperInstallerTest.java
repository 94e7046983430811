package clawster.runtime.packages;

import static clawster.runtime.packages.Given.failed;
import static clawster.runtime.packages.Given.spec;
import static clawster.runtime.packages.Given.version;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A helper that says what a test wants. */
@Timeout(60)
final class HelperInstallerTest {

  private static final String FULL =
      "{\"ok\":false,\"error\":\"too many connections\",\"code\":\"locked\"}\n";

  private static final Pauses SOON = new Pauses(Duration.ofMillis(1), Duration.ofMillis(5));

  @TempDir private Path place;

  @FunctionalInterface
  private interface Asking {
    void by(HelperInstaller installer) throws Exception;
  }

  /** What was asked, by one request that is answered with these lines. */
  private String asked(String answer, Asking asking) throws Exception {
    return asked(List.of(answer), asking).getFirst();
  }

  /** What was asked, by requests that are answered with these lines, one after the other. */
  private List<String> asked(List<String> answers, Asking asking) throws Exception {
    var socket = Files.createTempDirectory(place, "helper").resolve("s");
    try (var helper = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      helper.bind(UnixDomainSocketAddress.of(socket));
      var heard = answers.stream().map(_ -> new CompletableFuture<String>()).toList();
      Thread.ofVirtual()
          .start(
              () -> {
                for (int each = 0; each < answers.size(); each++) {
                  answer(helper, answers.get(each), heard.get(each));
                }
              });
      asking.by(new HelperInstaller(socket, SOON));
      return heard.stream().map(CompletableFuture::join).toList();
    }
  }

  private static void answer(
      ServerSocketChannel helper, String answer, CompletableFuture<String> heard) {
    try (var peer = helper.accept()) {
      var line = new BufferedReader(Channels.newReader(peer, StandardCharsets.UTF_8)).readLine();
      Channels.newOutputStream(peer).write(answer.getBytes(StandardCharsets.UTF_8));
      heard.complete(line);
    } catch (IOException e) {
      heard.completeExceptionally(e);
    }
  }

  @Test
  void itInstallsByAskingAndTellsHowItGoes() throws Exception {
    var lines = new ArrayList<String>();
    var request =
        asked(
            """
            {"progress":"unpacking"}
            {"ok":true,"data":{"packages":[{"name":"jq","version":"1.6"}]}}
            """,
            helper -> assertEquals("1.6", version(helper.install(spec("jq"), lines::add))));
    assertEquals("{\"action\":\"install\",\"package\":\"jq\",\"progress\":true}", request);
    assertEquals(List.of("unpacking"), lines);
  }

  @Test
  void itUninstallsByAsking() throws Exception {
    var request =
        asked(
            "{\"ok\":false,\"error\":\"not its\",\"code\":\"permission\"}\n",
            helper ->
                failed(FailureCode.PERMISSION, helper.uninstall(spec("libc6").ref(), _ -> {})));
    assertEquals("{\"action\":\"uninstall\",\"package\":\"libc6\",\"progress\":true}", request);
  }

  @Test
  void whatIsThereIsListed() throws Exception {
    asked(
        """
        {"ok":true,"data":{"packages":[{"name":"z","version":"1"},{"name":"gone"},{"name":"b","version":"2"}]}}
        """,
        helper ->
            assertEquals(
                List.of(new InstalledPackage("b", "2"), new InstalledPackage("z", "1")),
                helper.list()));
  }

  @Test
  void whoIsNotLetInAsksAgainSoon() throws Exception {
    var list = "{\"ok\":true,\"data\":{\"packages\":[{\"name\":\"jq\",\"version\":\"1\"}]}}\n";
    asked(
        List.of(FULL, FULL, list),
        helper -> assertEquals(List.of(new InstalledPackage("jq", "1")), helper.list()));
    var requests =
        asked(
            List.of(FULL, list),
            helper -> assertEquals("1", version(helper.install(spec("jq"), _ -> {}))));
    assertEquals(requests.getFirst(), requests.getLast());
  }

  @Test
  void whoIsNeverLetInSaysSo() throws Exception {
    asked(
        Collections.nCopies(8, FULL),
        helper -> failed(FailureCode.LOCKED, helper.install(spec("jq"), _ -> {})));
  }

  @Test
  void noAnswerIsNoFailure() throws Exception {
    asked(
        "", helper -> assertInstanceOf(Outcome.Unknown.class, helper.install(spec("jq"), _ -> {})));
  }

  @Test
  void whoIsNotThereIsUnavailable() {
    var nobody = new HelperInstaller(place.resolve("none"));
    failed(FailureCode.HELPER_UNAVAILABLE, nobody.install(spec("jq"), _ -> {}));
    assertThrows(IOException.class, nobody::list);
  }
}
