package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pip and npm say, and what it means. */
final class SentencesOfInstallersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ERROR: No matching distribution found for nosuch | NOT_FOUND
          WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': /simple/x/\\nERROR: No matching distribution found for x | NETWORK
          ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device | DISK_FULL
          ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x' | PERMISSION
          ERROR: ResolutionImpossible: for help visit | CONFLICT
          ERROR: Package 'x' requires a different Python: 3.11 not in '>=3.13' | CONFLICT
          error: subprocess-exited-with-error | SYSTEM_ERROR
          ERROR: HTTP error 503 while getting https://x/y.whl | NETWORK
          """)
  void pip(String said, FailureCode code) {
    assertEquals(code, Pip.failure(said.replace("\\n", "\n")).code());
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
        Pip.failure(
            """
            Looking in indexes: http://u:p@host/simple
            WARNING: Running pip as the 'root' user
            ERROR: No matching distribution found for x
            """);
    assertEquals("ERROR: No matching distribution found for x", pip.error());
    assertEquals("WARNING: all there is", Pip.failure("WARNING: all there is").error());
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
