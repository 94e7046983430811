package clawster.pkghelper;

import clawster.packages.BackEnd;
import clawster.packages.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Clock;
import java.util.List;

/**
 * Helpers without a socket that follow one another at one place.
 *
 * @param audited what all of them say
 */
record Succession(Path place, BackEnd backEnd, List<Path> path, OutputStream audited) {

  OwnPlace memory() throws IOException {
    var group =
        Files.readAttributes(place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS).group();
    return OwnPlace.at(place.resolve("memory"), group);
  }

  Unfinished unfinished() throws IOException {
    return new Unfinished(memory(), backEnd.names());
  }

  /** As after a new start. */
  Operations next(Limits limits) throws IOException {
    var audit = new Audit(new PrintStream(audited, true), Clock.systemUTC());
    return new Operations(
        backEnd,
        new Programs(path, backEnd.environment()),
        WantedPackages.in(memory(), backEnd.names(), audit),
        unfinished(),
        limits,
        audit);
  }

  /** What is remembered in that file; nothing if there is none. */
  String remembered(String file) throws IOException {
    var path = place.resolve("memory").resolve(file);
    return Files.exists(path) ? Files.readString(path) : "";
  }
}
