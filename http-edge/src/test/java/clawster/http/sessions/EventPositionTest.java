package clawster.http.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.http.kernel.BadRequest;
import clawster.runtime.runs.RunId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventPositionTest {

  private static final String RUN = "01900000-0000-7000-8000-000000000001";

  @Test
  void itIsARunAndAPlaceInIt() {
    assertEquals(new EventPosition(RunId.of(RUN), 42), EventPosition.parse(RUN + "-42"));
    assertEquals(new EventPosition(RunId.of(RUN), 0), EventPosition.parse(RUN + "-0"));
  }

  @Test
  void aPlaceBeyondTheEndIsWrongAndOneInALogThatWasSweptIsGone() {
    var place = new EventPosition(RunId.of(RUN), 42);
    assertEquals(Optional.empty(), place.refusal(true, true));
    assertEquals("request.field", place.refusal(false, true).orElseThrow().code());
    assertEquals("session.events_gone", place.refusal(false, false).orElseThrow().code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "5",
        "-5",
        RUN,
        RUN + "-",
        RUN + "-x",
        RUN + "--1",
        RUN + "-+1",
        RUN + "-9223372036854775808",
        RUN + "-1-1",
        RUN + " -1",
        "1-1-1-1-1-1",
        "x-1"
      })
  void everythingElseIsRefused(String text) {
    var bad = assertThrows(BadRequest.class, () -> EventPosition.parse(text));
    assertEquals("after", bad.problem().facts().get("param"));
  }
}
