package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class NamesTest {

  private static final NameRule APT = new Apt().names();
  private static final NameRule APK = new Apk().names();

  /** What managers, shells and programs read as something else than a name. */
  private static final List<String> SIGNS =
      Stream.concat(
              Stream.of("/", "=", "~", "<", ">", "!", "@", ":", "^", "*", "?", "[", "]", "(", ")"),
              Stream.of(
                  " ", "\t", "\n", "\r", "\0", "$", "`", ";", "&", "|", "\\", "'", "\"", "{", "}",
                  ",", "#", "%", "é", "\uff4a", "\u200b", "\u202e", "\u2028"))
          .toList();

  private static final List<String> DEBIANS =
      List.of(
          "ripgrep",
          "g++",
          "libstdc++6",
          "libsigc++-2.0-0v5",
          "python3.11",
          "fonts-noto-cjk",
          "7zip",
          "0ad",
          "r-base",
          "memtest86+",
          "node-is-unicode-supported",
          "x11-apps",
          "ab");
  private static final List<String> ALPINES =
      List.of(
          "ripgrep",
          "g++",
          "R",
          "s6",
          "py3-pip",
          "font-noto_cjk",
          "gtk+3.0",
          "lua5.4",
          "perl-uri",
          "postgresql16-client",
          "apk-tools",
          "GraphicsMagick");
  private static final List<String> NOT_DEBIANS =
      List.of(
          "",
          "x",
          "-o",
          "--purge",
          "bash-",
          "bash--",
          "Bash",
          "jq_",
          "a/b",
          "./a.deb",
          "jq=1",
          "jq:arm64",
          "jq/sid",
          "task^",
          "~i",
          "?essential",
          "a b",
          ".hidden",
          "+jq");
  private static final List<String> NOT_ALPINES =
      List.of(
          "",
          "-U",
          "--root",
          "bash-",
          "!bash",
          ".virtual",
          "_x",
          "evil.apk",
          "a.APK",
          "x.apk.y",
          "./a.apk",
          "jq@edge",
          "jq=1.0",
          "jq<2",
          "jq~1",
          "so:libc.so",
          "cmd:sh",
          "/bin/sh",
          "a b");

  static Stream<Arguments> judged() {
    return Stream.of(
            judged("Debian", APT, DEBIANS, true),
            judged("Debian", APT, NOT_DEBIANS, false),
            judged("Alpine", APK, ALPINES, true),
            judged("Alpine", APK, NOT_ALPINES, false))
        .flatMap(all -> all);
  }

  private static Stream<Arguments> judged(
      String system, NameRule rule, List<String> names, boolean isOne) {
    return names.stream().map(name -> arguments(system, name, rule, isOne));
  }

  @ParameterizedTest(name = "{0}: {1} {3}")
  @MethodSource("judged")
  void aNameIsWhatTheSystemHasForOne(String system, String name, NameRule rule, boolean isOne) {
    assertEquals(isOne, rule.accepts(name), system);
  }

  @Test
  void aNameHasAnEnd() {
    assertTrue(APT.accepts("a".repeat(128)));
    assertFalse(APT.accepts("a".repeat(129)));
    assertFalse(APK.accepts("a".repeat(1_000_000)));
  }

  @Test
  void whatIsNoNameCannotBeMadeOne() {
    assertThrows(IllegalArgumentException.class, () -> new PackageName(APT, "bash-"));
    assertTrue(PackageName.of(APT, "bash-").isEmpty());
    assertEquals("bash", PackageName.of(APT, "bash").orElseThrow().toString());
  }

  static Stream<BackEnd> backEnds() {
    return BackEnd.ALL.stream();
  }

  /** A sign anywhere in a good name, or an option before it, makes it none. */
  @ParameterizedTest
  @MethodSource("backEnds")
  void noSignGetsThrough(BackEnd backEnd) {
    long seed = Long.getLong("seed", 20);
    var random = new Random(seed);
    var good = List.of("jq", "g++", "python3.11", "lib-a.b+c");
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder(good.get(random.nextInt(good.size())));
      for (int n = random.nextInt(3); n >= 0; n--) {
        var sign = SIGNS.get(random.nextInt(SIGNS.size()));
        text.insert(random.nextInt(text.length() + 1), sign);
      }
      assertFalse(backEnd.names().accepts(text.toString()), () -> text + " with seed " + seed);
      var option = "-" + text;
      assertFalse(backEnd.names().accepts(option), () -> option + " with seed " + seed);
    }
  }

  /** Whatever gets through is one word that begins as a name does and stands where a name does. */
  @ParameterizedTest
  @MethodSource("backEnds")
  void whatGetsThroughChangesNoCommand(BackEnd backEnd) {
    long seed = Long.getLong("seed", 20);
    var random = new Random(seed);
    var letters = "abz019AZ+-._~=/:@!<>^*? \n\u00e9";
    int through = 0;
    for (int i = 0; i < 200_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(7); n >= 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      var name = PackageName.of(backEnd.names(), text.toString());
      if (name.isPresent()) {
        through++;
        harmless(backEnd, name.get(), "seed " + seed);
      }
    }
    assertTrue(through > 1000, "only " + through);
  }

  private static void harmless(BackEnd backEnd, PackageName name, String seed) {
    var text = name.text();
    assertTrue(text.matches("[a-zA-Z0-9][a-zA-Z0-9+._-]*"), () -> text + " " + seed);
    assertFalse(text.endsWith("-"), () -> text + " " + seed);
    assertFalse(text.toLowerCase().contains(".apk") && backEnd instanceof Apk, () -> text);
    for (var command :
        List.of(backEnd.install(name), backEnd.uninstall(name), backEnd.upgrade(name))) {
      var last = command.getLast();
      assertTrue(last.equals(text) || last.equals(text + ":native"), () -> command + " " + seed);
      if (command.getFirst().equals("apt-get")) {
        assertEquals(text + ":native", last, "no sign at its end can mean anything");
        assertEquals("--", command.get(command.size() - 2));
        assertTrue(command.contains("APT::Cmd::Pattern-Only=true"), "dots mean nothing");
        assertTrue(command.contains("--no-remove"));
      }
    }
  }
}
