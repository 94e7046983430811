package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PackageSpecTest {

  @ParameterizedTest
  @CsvSource({
    "github-cli, SYSTEM, github-cli, ",
    "g++, SYSTEM, g++, ",
    "libstdc++6, SYSTEM, libstdc++6, ",
    "pip:pandas, PIP, pandas, ",
    "pip:Ruamel.YAML_x, PIP, ruamel-yaml-x, ",
    "pip:a, PIP, a, ",
    "npm:typescript, NPM, typescript, ",
    "npm:docx@8.12.0, NPM, docx, 8.12.0",
    "npm:docx@next, NPM, docx, next",
    "npm:docx@8.12, NPM, docx, 8.12",
    "npm:docx@1.0.0-x.1, NPM, docx, 1.0.0-x.1",
    "npm:docx@v2-latest, NPM, docx, v2-latest",
    "npm:docx@experimental, NPM, docx, experimental",
    "npm:@types/node, NPM, @types/node, ",
    "npm:@types/node@22.1.0-rc.1+b, NPM, @types/node, 22.1.0-rc.1+b",
    "npm:JSONStream, NPM, JSONStream, ",
    "npm:socket.io, NPM, socket.io, ",
  })
  void itIsAPackage(String text, PackageKind kind, String name, String version) {
    assertEquals(
        Optional.of(new PackageSpec(new PackageRef(kind, name), Optional.ofNullable(version))),
        PackageSpec.parse(text));
  }

  /** What each would be to whoever installs it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-rf",
        "--index-url",
        "curl ",
        " curl",
        "curl\n",
        "curl\r",
        "cu\0rl",
        "curl;id",
        "jq=1.6",
        "jq~1",
        "jq/experimental",
        "./x.deb",
        "/etc/passwd",
        "task^",
        "bash-",
        "?essential",
        "PIP:pandas",
        "gem:rails",
        "jq@1",
        "curl*",
        "~o",
        "pip:",
        "pip:-r",
        "pip:--index-url",
        "pip:pandas==2.0",
        "pip:pandas>=2",
        "pip:pandas[all]",
        "pip:pandas@1",
        "pip:a/b",
        "pip:./x",
        "pip:.",
        "pip:..",
        "pip:x.whl",
        "pip:X.WHL",
        "pip:x.tar.gz",
        "pip:x.zip",
        "pip:git+https://x/y",
        "pip:npm:x",
        "pip:a-",
        "pip:_a",
        "pip:~x",
        "pip:a b",
        "pip:http:x",
        "pip:pandas\n",
        "pip:\u0440andas",
        "npm:",
        "npm:-g",
        "npm:user/repo",
        "npm:a/../../b",
        "npm:@a/../b",
        "npm:@/b",
        "npm:@a",
        "npm:@a/",
        "npm:@a/b/c",
        "npm:.bin",
        "npm:_x",
        "npm:x.tgz",
        "npm:x.tar",
        "npm:x@y.tgz",
        "npm:x@../y",
        "npm:x@npm:y",
        "npm:x@file:y",
        "npm:x@github:a/b",
        "npm:x@",
        "npm:x@^1",
        "npm:x@>1",
        "npm:x@1@2",
        "npm:x@x",
        "npm:x@X",
        "npm:x@*",
        "npm:x@1.x",
        "npm:x@1.X",
        "npm:x@1.2.x",
        "npm:x@1.x.0",
        "npm:x@x.1",
        "npm:x@1.*",
        "npm:x@1.2.*",
        "npm:x@1.x.x-rc.1",
        "npm:x@v1",
        "npm:x@v1.2.3",
        "npm:x@V1.2.3",
        "npm:x@v1.2.3-rc.1",
        "npm:x@v1.x",
        "npm:x@ 1",
        "npm:http://x",
        "npm:git+ssh://x",
        "npm:~x",
        "npm:x\n",
        "npm:pip:x",
        "npm:@-a/b"
      })
  void itIsNone(String text) {
    assertEquals(Optional.empty(), PackageSpec.parse(text));
  }

  @Test
  void longOnesAreNone() {
    assertEquals(Optional.empty(), PackageSpec.parse("a".repeat(129)));
    assertEquals(Optional.empty(), PackageSpec.parse("npm:a@" + "1".repeat(129)));
    assertEquals(
        "a".repeat(128), PackageSpec.parse("pip:" + "a".repeat(128)).orElseThrow().ref().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "pip:ruamel-yaml", "npm:@types/node@22.1.0"})
  void itIsWrittenAsItIsRead(String text) {
    assertEquals(text, PackageSpec.parse(text).orElseThrow().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "npm:docx, 8.12.0, true",
    "npm:docx@8.12.0, 8.12.0, true",
    "npm:docx@8.12.0, 8.12.1, false",
    "npm:docx@8.12.0, 8.12.0-rc.1, false",
    "npm:docx@8.12, 8.12.0, true",
    "npm:docx@8, 8.12.0, true",
    "npm:docx@8, 80.1.0, false",
    "npm:docx@8.12.0+b, 8.12.0, true",
    "npm:docx@8.12.0, 8.12.0+b, true",
    "npm:docx@next, 8.12.0, false",
    "pip:pandas, 2.0, true",
  })
  void aVersionIsTheOneThatWasAskedFor(String text, String installed, boolean met) {
    assertEquals(met, PackageSpec.parse(text).orElseThrow().isMetBy(installed));
  }

  @Test
  void nobodyBuildsAnother() {
    assertThrows(IllegalArgumentException.class, () -> new PackageRef(PackageKind.PIP, "-r"));
    assertThrows(IllegalArgumentException.class, () -> new PackageRef(PackageKind.PIP, "Pandas"));
    var ref = new PackageRef(PackageKind.NPM, "x");
    assertThrows(IllegalArgumentException.class, () -> new PackageSpec(ref, Optional.of("file:y")));
    var python = new PackageRef(PackageKind.PIP, "x");
    assertThrows(IllegalArgumentException.class, () -> new PackageSpec(python, Optional.of("1")));
  }
}
