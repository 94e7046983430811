package clawster.pkghelper;

import clawster.packages.Action;
import clawster.packages.BackEnd;
import clawster.packages.PackageClient;
import clawster.packages.Programs;
import clawster.packages.Request;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/** Joins what the helper is made of. */
final class Daemon {

  private static final String LOCK = "helper.lock";

  private Daemon() {}

  /** Returns when the process is told to end. */
  static void run(HelperSettings settings, Audit audit) throws IOException {
    var backEnd =
        Programs.detect(settings.path())
            .orElseThrow(() -> new StartRefused("neither apt nor apk is on " + settings.path()));
    var user =
        existing("user " + settings.user(), known -> known.lookupPrincipalByName(settings.user()));
    var group =
        existing(
            "group " + settings.group(),
            known -> known.lookupPrincipalByGroupName(settings.group()));
    var peers = Peers.of(user, OwnPlace.self());
    var memory = OwnPlace.at(settings.memory(), group);
    try (var alone =
        FileChannel.open(memory.file(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (alone.tryLock() == null) {
        throw new StartRefused("another helper looks after " + settings.memory());
      }
      var operations = operations(settings, backEnd, memory, audit);
      var place = OwnPlace.at(settings.socket().getParent(), group);
      try (var listener =
          Listener.bind(place, settings.socket().getFileName().toString(), peers, audit)) {
        audit.note("started", "manager", backEnd.title(), "user", settings.user());
        serve(settings, listener, backEnd, operations, audit);
      }
    }
  }

  private static void serve(
      HelperSettings settings,
      Listener listener,
      BackEnd backEnd,
      Operations operations,
      Audit audit)
      throws IOException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(listener, audit)));
    Thread.ofPlatform().daemon().name("audit").start(audit::keepTelling);
    Thread.ofPlatform().daemon().name("restore").start(operations::restore);
    if (settings.rehearsal()) {
      Thread.ofPlatform().name("rehearsal").start(() -> rehearse(settings, listener));
    }
    var patience = settings.limits().request();
    listener.listen(
        (lines, peer) ->
            new Conversation(lines, peer, backEnd.names(), operations, patience, audit).hold());
  }

  private static Operations operations(
      HelperSettings settings, BackEnd backEnd, OwnPlace memory, Audit audit) throws IOException {
    return new Operations(
        backEnd,
        new Programs(settings.path(), backEnd.environment()),
        WantedPackages.in(memory, backEnd.names(), audit),
        new Unfinished(memory, backEnd.names()),
        settings.limits(),
        audit);
  }

  private interface LookUp<T> {
    T named(UserPrincipalLookupService known) throws IOException;
  }

  private static <T> T existing(String what, LookUp<T> lookUp) throws IOException {
    try {
      return lookUp.named(FileSystems.getDefault().getUserPrincipalLookupService());
    } catch (UserPrincipalNotFoundException _) {
      throw new StartRefused("there is no " + what);
    }
  }

  /** Asks what a first client asks, changes nothing, and ends. */
  private static void rehearse(HelperSettings settings, Listener listener) {
    var client = new PackageClient(settings.socket(), settings.limits().request());
    client.ask(Request.of(Action.LIST), _ -> {});
    client.ask(new Request(Action.QUERY.wire(), "hello", true), _ -> {});
    close(listener);
  }

  private static void end(Listener listener, Audit audit) {
    close(listener);
    audit.close();
  }

  private static void close(Listener listener) {
    try {
      listener.close();
    } catch (IOException _) {
      // What is left of it, the next helper removes.
    }
  }
}
