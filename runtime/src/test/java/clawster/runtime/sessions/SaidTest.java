package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunWord;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SaidTest {

  @Test
  void whatWasSaidIsTheTextOfOneStepWhoeverOwnedTheRun() {
    var log =
        List.of(
            new RunEntry(1, 1, 0, new RunWord.Accepted("agent:writer:desk")),
            new RunEntry(2, 1, 0, new RunWord.Text("Let me see.")),
            new RunEntry(3, 1, 0, new RunWord.ToolCalled("a", "datetime", "{}", false)),
            new RunEntry(4, 1, 0, new RunWord.ToolSettled("a", "noon", "ok")),
            new RunEntry(5, 1, 1, new RunWord.Reasoning("no")),
            new RunEntry(6, 1, 1, new RunWord.Reasoning("on")),
            new RunEntry(7, 1, 1, new RunWord.Text("It is ")),
            new RunEntry(8, 2, 1, new RunWord.Claimed()),
            new RunEntry(9, 2, 1, new RunWord.Recovered("restart")),
            new RunEntry(10, 2, 1, new RunWord.Text("noon")));
    assertEquals(new Said("Let me see.", "", true), Said.of(log, 0));
    assertEquals(new Said("It is noon", "noon", true), Said.of(log, 1));
    assertEquals(new Said("", "", true), Said.of(log, 2));
  }

  @Test
  void aLogWithoutTextWasBegunNevertheless() {
    assertEquals(new Said("", "", true), Said.of(List.of(), 0));
    assertEquals(new Said("", "", false), Said.NOTHING);
  }
}
