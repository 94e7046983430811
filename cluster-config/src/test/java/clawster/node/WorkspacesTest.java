package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class WorkspacesTest {

  private static final UUID OURS = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final UUID OTHER = UUID.fromString("00000000-0000-0000-0000-000000000002");

  @TempDir private Path directory;

  private static Workspaces of(UUID cluster, Path directory) {
    return new Workspaces(directory, () -> CompletableFuture.completedStage(cluster));
  }

  private static String refusal(Workspaces workspaces, boolean alone) {
    return assertThrows(StartRefused.class, () -> workspaces.claim(alone)).getMessage();
  }

  private static void check(Workspaces workspaces) {
    workspaces.check().toCompletableFuture().join();
  }

  /** Also one that comes with a new directory to an old database. */
  @Test
  void whoBeginsAClusterMarksItsDirectory() throws IOException {
    var fresh = directory.resolve("a/b");
    of(OURS, fresh).claim(true);
    assertEquals(OURS + "\n", Files.readString(fresh.resolve(Workspaces.MARKER)));
    of(OURS, fresh).claim(true);
    of(OURS, fresh).claim(false);
    try (var files = Files.list(fresh)) {
      assertEquals(1, files.count(), "no draft is left");
    }
  }

  @Test
  void whoJoinsWaitsForTheMarkerOfWhoBegan() throws Exception {
    var joining = CompletableFuture.runAsync(() -> of(OURS, directory).claim(false));
    of(OURS, directory).claim(true);
    joining.join();
  }

  @Test
  void whoJoinsWithAnotherDirectoryIsRefused() {
    assertTrue(refusal(of(OURS, directory), false).contains("set CLAWSTER_WORKSPACES"));
    assertFalse(Files.exists(directory.resolve(Workspaces.MARKER)));
  }

  @Test
  void anotherClustersDirectoryIsRefusedToEverybody() {
    of(OTHER, directory).claim(true);
    for (boolean alone : new boolean[] {true, false}) {
      var said = refusal(of(OURS, directory), alone);
      assertTrue(said.contains("another cluster"), said);
      assertTrue(said.contains("CLAWSTER_WORKSPACES"), said);
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsSaid() throws IOException {
    var file = Files.createFile(directory.resolve("file"));
    assertTrue(refusal(of(OURS, file.resolve("below")), true).contains("CLAWSTER_WORKSPACES"));
  }

  @Test
  void aMarkerThatGoesOrChangesIsNoticed() throws IOException {
    var workspaces = of(OURS, directory);
    workspaces.claim(true);
    check(workspaces);
    var marker = directory.resolve(Workspaces.MARKER);
    Files.writeString(marker, OTHER.toString());
    assertThrows(CompletionException.class, () -> check(workspaces));
    Files.delete(marker);
    assertThrows(CompletionException.class, () -> check(workspaces));
    Files.writeString(marker, OURS.toString());
    check(workspaces);
  }
}
