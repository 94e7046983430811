package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.Action;
import clawster.packages.Apt;
import clawster.packages.Order;
import clawster.packages.PackageName;
import clawster.packages.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
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
  private Succession helpers;
  private Operations operations;

  @BeforeEach
  void prepare() throws IOException {
    apt = ScriptedApt.in(place);
    helpers = new Succession(place, APT, apt.path(), audited);
    operations = helpers.next(Limits.USUAL);
  }

  private Reply install(String name) {
    return operations.perform(
        new Order(Action.INSTALL, PackageName.of(APT.names(), name), false), _ -> {});
  }

  @Test
  void whatFailedIsRepaired() throws Exception {
    apt.failsAfterwards();
    assertInstanceOf(Reply.Failed.class, install("hello"));
    assertEquals(1, apt.repairs().size());
    assertEquals(REPAIR, apt.repairs().getFirst());
    assertEquals("", helpers.remembered("unfinished"));
    assertEquals("hello\n", helpers.remembered("system-packages"), "it came all the same");
  }

  @Test
  void whatCannotBeRepairedIsTriedAgainBeforeTheNextChange() throws Exception {
    apt.failsAfterwards();
    apt.cannotBeRepaired();
    var reply = assertInstanceOf(Reply.Failed.class, install("hello"));
    assertTrue(reply.error().endsWith("(exit code 100)"), "its own failure: " + reply.error());
    assertTrue(audited.toString().contains("\"event\":\"repair.failed\""), audited::toString);
    assertTrue(helpers.remembered("unfinished").startsWith("INSTALL hello "));
    assertEquals("hello\n", helpers.remembered("system-packages"));

    assertInstanceOf(Reply.Failed.class, install("jq"));
    assertEquals(3, apt.repairs().size(), "before it, and after it");
    assertTrue(helpers.remembered("unfinished").startsWith("INSTALL jq "));
    assertEquals("hello\njq\n", helpers.remembered("system-packages"));

    apt.canBeRepaired();
    apt.worksAgain();
    assertInstanceOf(Reply.Done.class, install("tree"));
    assertEquals(4, apt.repairs().size());
    assertEquals("", helpers.remembered("unfinished"));
  }

  /** It may be another package's, which nobody asks us to mend. */
  @Test
  void whatCannotBeRepairedKeepsNothingFromBeingInstalled() throws Exception {
    apt.failsAfterwards();
    apt.cannotBeRepaired();
    install("hello");
    apt.worksAgain();
    assertInstanceOf(Reply.Done.class, install("jq"));
    assertEquals("hello\njq\n", helpers.remembered("system-packages"));
  }
}
