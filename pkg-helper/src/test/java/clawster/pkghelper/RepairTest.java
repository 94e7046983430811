package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.Action;
import clawster.packages.Apt;
import clawster.packages.Order;
import clawster.packages.PackageName;
import clawster.packages.Programs;
import clawster.packages.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a failed change leaves of a manager whose records may then be half done. */
@Timeout(60)
final class RepairTest {

  private static final Apt APT = new Apt();
  private static final String REPAIR = String.join(" ", APT.repair().orElseThrow()).substring(5);

  @TempDir private Path place;
  private final ByteArrayOutputStream audited = new ByteArrayOutputStream();
  private ScriptedApt apt;
  private Operations operations;

  @BeforeEach
  void prepare() throws IOException {
    apt = ScriptedApt.in(place);
    var audit = new Audit(new PrintStream(audited, true), Clock.systemUTC());
    var group =
        Files.readAttributes(place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS).group();
    var memory = OwnPlace.at(place.resolve("memory"), group);
    operations =
        new Operations(
            APT,
            new Programs(apt.path(), APT.environment()),
            WantedPackages.in(memory, APT.names(), audit),
            new Unfinished(memory, APT.names()),
            Limits.USUAL,
            audit);
  }

  private Reply install(String name) {
    return operations.perform(
        new Order(Action.INSTALL, PackageName.of(APT.names(), name), false), _ -> {});
  }

  private String remembered(String file) throws IOException {
    var path = place.resolve("memory").resolve(file);
    return Files.exists(path) ? Files.readString(path) : "";
  }

  @Test
  void whatFailedIsRepaired() throws Exception {
    apt.failsAfterwards();
    assertInstanceOf(Reply.Failed.class, install("hello"));
    assertEquals(1, apt.repairs().size());
    assertEquals(REPAIR, apt.repairs().getFirst());
    assertEquals("", remembered("unfinished"));
    assertEquals("hello\n", remembered("system-packages"), "it came all the same");
  }

  @Test
  void whatCannotBeRepairedIsTriedAgainBeforeTheNextChange() throws Exception {
    apt.failsAfterwards();
    apt.cannotBeRepaired();
    var reply = assertInstanceOf(Reply.Failed.class, install("hello"));
    assertTrue(reply.error().endsWith("(exit code 100)"), "its own failure: " + reply.error());
    assertTrue(audited.toString().contains("\"event\":\"repair.failed\""), audited::toString);
    assertTrue(remembered("unfinished").startsWith("INSTALL hello "));
    assertEquals("hello\n", remembered("system-packages"));

    assertInstanceOf(Reply.Failed.class, install("jq"));
    assertEquals(3, apt.repairs().size(), "before it, and after it");
    assertTrue(remembered("unfinished").startsWith("INSTALL jq "));
    assertEquals("hello\njq\n", remembered("system-packages"));

    apt.canBeRepaired();
    apt.worksAgain();
    assertInstanceOf(Reply.Done.class, install("tree"));
    assertEquals(4, apt.repairs().size());
    assertFalse(Files.exists(place.resolve("memory/unfinished")));
  }

  /** It may be another package's, which nobody asks us to mend. */
  @Test
  void whatCannotBeRepairedKeepsNothingFromBeingInstalled() throws Exception {
    apt.failsAfterwards();
    apt.cannotBeRepaired();
    install("hello");
    apt.worksAgain();
    assertInstanceOf(Reply.Done.class, install("jq"));
    assertEquals("hello\njq\n", remembered("system-packages"));
  }
}
