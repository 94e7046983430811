package clawster.pkghelper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * A directory that is the helper's own: it belongs to it, its group may look and nobody else may
 * even do that, and nobody but root or the helper could put another one in its place. What is in it
 * can be believed for that reason, and for no other.
 */
final class OwnPlace {

  static final Set<PosixFilePermission> GROUP_MAY_LOOK =
      PosixFilePermissions.fromString("rwxr-x---");
  static final Set<PosixFilePermission> GROUP_MAY_READ =
      PosixFilePermissions.fromString("rw-r-----");

  private static final int STICKY = 01000;

  private final Path directory;
  private final GroupPrincipal group;

  private OwnPlace(Path directory, GroupPrincipal group) {
    this.directory = directory;
    this.group = group;
  }

  /** Made if it is not there; refused if it is not as it has to be. */
  static OwnPlace at(Path directory, GroupPrincipal group) throws IOException {
    if (directory.getParent() == null || !Files.isDirectory(directory.getParent())) {
      throw new StartRefused("there is no directory around " + directory);
    }
    var real = directory.getParent().toRealPath().resolve(directory.getFileName());
    var self = self();
    for (var above = real.getParent(); above != null; above = above.getParent()) {
      mustBeSafe(above, self);
    }
    if (!Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(real);
      Files.setPosixFilePermissions(real, GROUP_MAY_LOOK);
      give(real, group);
    }
    var now = attributes(real);
    if (!now.isDirectory() || !now.owner().equals(self)) {
      throw new StartRefused(real + " is not a directory of " + self.getName());
    }
    if (!GROUP_MAY_LOOK.containsAll(now.permissions())) {
      throw new StartRefused(
          real
              + " must have the mode 0750, not "
              + PosixFilePermissions.toString(now.permissions()));
    }
    give(real, group);
    return new OwnPlace(real, group);
  }

  private static void mustBeSafe(Path above, UserPrincipal self) throws IOException {
    var now = attributes(above);
    boolean ours = now.owner().equals(self) || isRoot(above);
    boolean othersWrite =
        now.permissions().contains(PosixFilePermission.OTHERS_WRITE)
            || now.permissions().contains(PosixFilePermission.GROUP_WRITE);
    boolean sticky = ((Integer) Files.getAttribute(above, "unix:mode") & STICKY) != 0;
    if (!ours || othersWrite && !sticky) {
      throw new StartRefused(above + " can be changed by others");
    }
  }

  private static boolean isRoot(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid") == 0;
  }

  /** Who this process is. */
  static UserPrincipal self() throws IOException {
    return Files.getOwner(Path.of("/proc/self"));
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static void give(Path path, GroupPrincipal group) throws IOException {
    var view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!view.readAttributes().group().equals(group)) {
      view.setGroup(group);
    }
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Whether it is a plain file that nobody else can have written. */
  boolean isOwn(String name) throws IOException {
    var now = attributes(file(name));
    return now.isRegularFile()
        && now.owner().equals(self())
        && GROUP_MAY_READ.containsAll(now.permissions());
  }

  /** Whole or not at all, and there after a loss of power. */
  void write(String name, String text) throws IOException {
    var next = file(name + ".next");
    Files.deleteIfExists(next);
    try (var channel =
        FileChannel.open(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(GROUP_MAY_READ))) {
      give(next, group);
      Files.setPosixFilePermissions(next, GROUP_MAY_READ);
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE);
    sync();
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(file(name));
    sync();
  }

  /** Lets the group reach a socket in it. */
  void share(Path socket) throws IOException {
    give(socket, group);
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
  }

  private void sync() throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
