package clawster.runtime.sessions;

import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunWord;
import java.util.List;

/** What a run log shows of one step's answer. */
record Said(String text, String reasoning, boolean resumed) {

  static final Said NOTHING = new Said("", "", false);

  static Said of(List<RunEntry> entries, int step) {
    var text = new StringBuilder();
    var reasoning = new StringBuilder();
    for (var entry : entries) {
      if (entry.step() == step) {
        switch (entry.word()) {
          case RunWord.Text(String piece) -> text.append(piece);
          case RunWord.Reasoning(String piece) -> reasoning.append(piece);
          case RunWord.Accepted _,
              RunWord.Claimed _,
              RunWord.ToolCalled _,
              RunWord.ToolSettled _,
              RunWord.Steered _,
              RunWord.Recovered _,
              RunWord.Interrupted _,
              RunWord.Ending _ -> {}
        }
      }
    }
    return new Said(text.toString(), reasoning.toString(), true);
  }
}
