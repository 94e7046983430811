package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pip and npm say, and what it means. */
final class SentencesOfInstallersTest {

  @TempDir private Path place;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': /simple/x/\\nERROR: No matching distribution found for x | NETWORK
          ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device | DISK_FULL
          ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x' | PERMISSION
          ERROR: ResolutionImpossible: for help visit | CONFLICT
          ERROR: Package 'x' requires a different Python: 3.11 not in '>=3.13' | CONFLICT
          error: subprocess-exited-with-error | SYSTEM_ERROR
          ERROR: HTTP error 503 while getting https://x/y.whl | NETWORK
          """)
  void pip(String said, FailureCode code) {
    assertEquals(code, pipFailure(said.replace("\\n", "\n")).code());
  }

  private Outcome.Failed pipFailure(String said) {
    return Pip.failure(said, new PipLog(place.resolve("log")));
  }

  /** pip says of all of them that there is no such package. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Could not fetch URL http://h/x/: 404 Client Error: Not Found for url: http://h/x/ - skipping | NOT_FOUND
          Fetched page http://h/x/ as text/html | NOT_FOUND
          Could not fetch URL http://h/x/: 403 Client Error: Forbidden for url: http://h/x/ - skipping | PERMISSION
          Could not fetch URL http://h/x/: 404 Client\\nCould not fetch URL http://i/x/: 401 Client | PERMISSION
          Could not fetch URL http://h/x/: 404 Client\\nCould not fetch URL http://i/x/: 429 Client | NETWORK
          Could not fetch URL http://h/x/: 403 Client\\nCould not fetch URL http://i/x/: 503 Server | NETWORK
          Fetched page http://h/x/ as text/html\\nCould not fetch URL http://i/x/: 407 Client | NETWORK
          Fetched page http://h/x/ as text/html\\nCould not fetch URL http://i/x/: connection error: x 404 - skipping | NETWORK
          Fetched page http://h/x/ as text/html\\nCould not fetch URL http://i/404/: timed out - skipping | NETWORK
          Skipping page http://h/x/ because the GET request got Content-Type: text/plain | NETWORK
          nothing that is known | NETWORK
          """)
  void whyThereIsNoSuchPackage(String noted, FailureCode code) throws IOException {
    var said = "(from versions: none)\nERROR: No matching distribution found for x";
    assertEquals(FailureCode.NETWORK, pipFailure(said).code(), "nothing is noted");
    Files.writeString(
        place.resolve("log"), "2026-11-22T12:49:00,123 " + noted.replace("\\n", "\n"));
    assertEquals(code, pipFailure(said).code());
  }

  @ParameterizedTest
  @CsvSource({
    "E404, NOT_FOUND",
    "ETARGET, NOT_FOUND",
    "ENOSPC, DISK_FULL",
    "EACCES, PERMISSION",
    "EEXIST, CONFLICT",
    "ERESOLVE, CONFLICT",
    "EAI_AGAIN, NETWORK",
    "SELF_SIGNED_CERT_IN_CHAIN, NETWORK",
    "E503, NETWORK",
    "1, SYSTEM_ERROR"
  })
  void npm(String said, FailureCode code) {
    assertEquals(
        code, Npm.failure("npm warn x\nnpm error code " + said + "\nnpm error why").code());
    assertEquals(code, Npm.failure("npm ERR! code " + said + "\nnpm ERR! why").code());
  }

  /** A package's own script may say whatever it likes. */
  @Test
  void theFirstCodeCounts() {
    assertEquals(
        FailureCode.SYSTEM_ERROR,
        Npm.failure("npm error code 1\nnpm error code ENOSPC\nnpm error command failed").code());
    assertEquals(FailureCode.SYSTEM_ERROR, Npm.failure("Segmentation fault").code());
  }

  @Test
  void theReasonIsSaidAndNothingBeside() {
    var npm =
        Npm.failure(
            """
            npm http fetch GET 404 https://u:p@host/x 12ms
            npm error code E404
            npm error 404 Not Found
            npm error A complete log of this run can be found in: /x/y-debug-0.log
            """);
    assertEquals("code E404 404 Not Found", npm.error());
    var pip =
        pipFailure(
            """
            Looking in indexes: http://u:p@host/simple
            WARNING: Running pip as the 'root' user
            ERROR: No matching distribution found for x
            """);
    assertEquals("ERROR: No matching distribution found for x", pip.error());
    assertEquals("WARNING: all there is", pipFailure("WARNING: all there is").error());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:secret@host/simple",
        "HTTPS://secret@host",
        "to https://me:s@secret@host and http://x:secret@y/",
        "https://me:secret\u0007@host"
      })
  void passwordsAreNotShown(String said) {
    var shown = Line.of("x".repeat(100) + " " + said + " and more");
    assertFalse(shown.contains("secret"), shown);
    assertTrue(shown.endsWith("and more"), shown);
  }

  @Test
  void linesAreShortAndHarmless() {
    assertEquals("a [31mb c", Line.of("a\u001b[31mb\n\u202e c\0"));
    assertEquals(500, Line.of("x ".repeat(5000)).length());
    assertEquals(
        "mail me@host https://host/@scope/x", Line.of("mail me@host https://host/@scope/x"));
  }
}
