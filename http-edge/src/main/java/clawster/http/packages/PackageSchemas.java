package clawster.http.packages;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.either;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.orNull;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Field;
import clawster.http.contract.Schema;
import clawster.packages.FailureCode;
import clawster.runtime.packages.LanguageRuntime;
import clawster.runtime.packages.PackageStatus;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the answers on packages look like. */
final class PackageSchemas {

  static final String EXAMPLE =
      """
      {"package": "npm:typescript"}\
      """;

  /** GoClaw's grammar; of what it takes, what could be something else than a name is refused. */
  static final Schema DECLARATION =
      object(
          field(
              "package",
              formed("(?:pip:|npm:)?[a-zA-Z0-9@][a-zA-Z0-9._+\\-/@]*", "npm:typescript"),
              "A name; Python's begin with `pip:`, Node's with `npm:`, and these may end in"
                  + " `@` and a version"));

  private static final Field NODE = field("node", text(), "Its id, as `/v1/cluster` shows it");
  private static final Field NODE_NAME = field("name", text());

  private static final List<Field> PROGRESS =
      List.of(
          field(
              "state",
              words(
                  Arrays.stream(PackageStatus.State.values())
                      .map(PackageStatus.State::wire)
                      .toArray(String[]::new)),
              "`nobody`: nobody installs such packages there"),
          optional(
              "code",
              words(
                  Arrays.stream(FailureCode.values())
                      .map(FailureCode::wire)
                      .toArray(String[]::new)),
              "Why it failed"),
          optional("error", text(), "What the package manager said"));

  private static final Schema INSTALLED =
      named(
          "InstalledPackage",
          object(
              field("name", text()),
              field("version", text(), "Of the oldest node that has it; empty if nobody can say"),
              optional(
                  "nodes",
                  listOf(object(NODE, NODE_NAME, field("version", text()))),
                  "Who has it, where nodes differ")));

  static final Schema LIST =
      named(
          "Packages",
          object(
              kind("system"),
              kind("pip"),
              kind("npm"),
              field(
                  "nodes",
                  listOf(
                      object(
                          NODE,
                          NODE_NAME,
                          field("statuses", listOf(of(PROGRESS, field("package", text())))))),
                  "How far each has come with what is declared")));

  private static final Schema RUNTIME =
      object(
          field("name", words(LanguageRuntime.NAMES.toArray(String[]::new))),
          field("available", flag()),
          optional("version", text()));

  static final Schema RUNTIMES =
      named(
          "PackageRuntimes",
          object(
              field("python", flag()),
              field("node", flag()),
              field("runtimes", listOf(RUNTIME), "Available is what all nodes have"),
              field("ready", flag(), "Whether Python packages can be installed"),
              field("nodes", listOf(object(NODE, NODE_NAME, field("runtimes", listOf(RUNTIME)))))));

  static final Schema RESULT =
      named(
          "PackageResult",
          object(
              field("ok", flag(), "Whether all nodes that install such packages have done it"),
              field("error", text(), "Why not, for people; empty if so"),
              field("nodes", listOf(of(PROGRESS, NODE, NODE_NAME)))));

  static final Schema EVENT =
      named(
          "PackageEvent", either(object(NODE, field("line", text())), of(PROGRESS, NODE), RESULT));

  private PackageSchemas() {}

  private static Field kind(String name) {
    return field(name, orNull(listOf(INSTALLED)), "By name; null if no node can say");
  }

  private static Schema of(List<Field> progress, Field... before) {
    return object(Stream.concat(Arrays.stream(before), progress.stream()).toArray(Field[]::new));
  }
}
