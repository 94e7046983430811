package clawster.pkghelper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An {@code apk} of a few lines: it knows the packages it is given, notes what it is asked and how
 * it is run, and fails, waits or leaves children as it is told.
 */
final class ScriptedApk {

  private static final String SCRIPT =
      """
      #!/bin/sh
      state=STATE
      echo "$*" >>$state/asked
      env | sort >$state/environment
      umask >$state/umask
      while :; do case $1 in --no-progress) shift ;; --wait) shift 2 ;; *) break ;; esac; done
      verb=$1
      for name; do :; done
      case $verb in
        add | del | update)
          if [ -e $state/failure ]; then cat $state/failure >&2; exit 1; fi
          echo "$verb $name"
          mkdir $state/busy 2>/dev/null || echo "$*" >>$state/overlapped
          if [ -e $state/much ]; then yes "a line of some length, as a package manager says many" | head -n 60000; fi
          if [ -e $state/orphan ]; then
            /bin/sh -c 'trap "" TERM; echo $$ >$0.new; mv $0.new $0; while :; do sleep 0.05; done' $state/child &
          fi
          while [ -e $state/wait ]; do sleep 0.02; done
          rmdir $state/busy
          ;;
      esac
      case $verb in
        add)
          if [ ! -e $state/repository/$name ]; then
            echo "ERROR: unable to select packages:"
            echo "  $name (no such package):"
            exit 1
          fi
          if [ -e $state/provided/$name ]; then name=$(cat $state/provided/$name); fi
          if [ -e $state/dropped/$name ]; then
            echo "ERROR: $name-1-r0: package mentioned in index not found (try 'apk update')" >&2
            exit 1
          fi
          cp $state/repository/$name $state/installed/$name
          if [ -e $state/forgetful ]; then mv $state/forgetful $state/silent; fi
          if [ -e $state/trouble ]; then exit 1; fi
          ;;
        del)
          if [ -e $state/provided/$name ]; then name=$(cat $state/provided/$name); fi
          rm -f $state/installed/$name
          if [ -e $state/trouble ]; then exit 1; fi
          ;;
        update)
          rm -rf $state/dropped
          mv $state/late/* $state/repository/ 2>/dev/null || :
          if [ -e $state/away ]; then cat $state/away >&2; exit 1; fi
          ;;
        list)
          if [ -e $state/silent ]; then echo "ERROR: no database" >&2; exit 2; fi
          for file in $state/installed/*; do
            [ ! -e $file ] || echo "${file##*/}-$(cat $file) x86_64 {origin} (MIT) [installed]"
          done
          ;;
        version) echo "hello-1.0-r0   < 1.1-r0" ;;
      esac
      """;

  private static final List<String> TOOLS =
      List.of(
          "cat", "cp", "env", "head", "mkdir", "mv", "rm", "rmdir", "setsid", "sleep", "sort",
          "yes");

  private final Path state;
  private final Path programs;

  private ScriptedApk(Path state, Path programs) {
    this.state = state;
    this.programs = programs;
  }

  static ScriptedApk in(Path place) throws IOException {
    var state = Files.createDirectories(place.resolve("apk"));
    for (var directory : List.of("repository", "installed")) {
      Files.createDirectories(state.resolve(directory));
    }
    var programs = Files.createDirectories(place.resolve("bin"));
    Script.write(programs.resolve("apk"), SCRIPT.replace("STATE", state.toString()));
    for (var tool : TOOLS) {
      Script.write(programs.resolve(tool), "#!/bin/sh\nexec " + found(tool) + " \"$@\"\n");
    }
    var apk = new ScriptedApk(state, programs);
    apk.has("hello", "1.0-r0");
    return apk;
  }

  /** With nothing on it but what the script needs: this system's own manager is not to be found. */
  List<Path> path() {
    return List.of(programs);
  }

  private static Path found(String tool) {
    return Stream.of("/usr/bin", "/bin")
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  void has(String name, String version) throws IOException {
    Files.writeString(state.resolve("repository").resolve(name), version);
  }

  /** As part of the system. */
  void isInstalled(String name, String version) throws IOException {
    Files.writeString(state.resolve("installed").resolve(name), version);
  }

  boolean hasInstalled(String name) {
    return Files.exists(state.resolve("installed").resolve(name));
  }

  void removes(String name) throws IOException {
    Files.delete(state.resolve("installed").resolve(name));
  }

  /** Known only after an update of the index. */
  void hasLate(String name, String version) throws IOException {
    Files.writeString(Files.createDirectories(state.resolve("late")).resolve(name), version);
  }

  /** One of its sources cannot be asked, the others can. */
  void cannotUpdate(String said) throws IOException {
    Files.writeString(state.resolve("away"), said);
  }

  void fails(String said) throws IOException {
    Files.writeString(state.resolve("failure"), said);
  }

  /** Does what it is told, and then says that it went wrong. */
  void failsAfterwards() throws IOException {
    Files.createFile(state.resolve("trouble"));
  }

  /** Does not answer questions. */
  void doesNotKnow() throws IOException {
    Files.createFile(state.resolve("silent"));
  }

  /** Does not answer questions once it has changed something. */
  void forgets() throws IOException {
    Files.createFile(state.resolve("forgetful"));
  }

  void knowsAgain() throws IOException {
    Files.delete(state.resolve("silent"));
    Files.deleteIfExists(state.resolve("trouble"));
  }

  /** The index has it, and the mirror has only what an update of the index would tell. */
  void hasDropped(String name) throws IOException {
    Files.createFile(Files.createDirectories(state.resolve("dropped")).resolve(name));
  }

  /** A name that is no package's own. */
  void isProvided(String name, String by) throws IOException {
    has(name, "-");
    Files.writeString(Files.createDirectories(state.resolve("provided")).resolve(name), by);
  }

  void saysMuch() throws IOException {
    Files.createFile(state.resolve("much"));
  }

  void waits() throws IOException {
    Files.createFile(state.resolve("wait"));
  }

  void goesOn() throws IOException {
    Files.delete(state.resolve("wait"));
  }

  void leavesAChildThatDoesNotHear() throws IOException {
    Files.createFile(state.resolve("orphan"));
  }

  ProcessHandle child() throws IOException {
    awaitFile("child");
    return ProcessHandle.of(Long.parseLong(told("child").strip())).orElseThrow();
  }

  boolean isBusy() {
    return Files.exists(state.resolve("busy"));
  }

  /** It has nothing to say any more, so it does not matter if nobody hears it. */
  void awaitBusy() {
    Await.until("apk is busy", this::isBusy);
  }

  /** Also when it is done. */
  void awaitAsked(String verb) {
    Await.until("apk is asked", () -> told("asked").contains(" " + verb + " "));
  }

  private void awaitFile(String name) {
    Await.until(name, () -> Files.exists(state.resolve(name)));
  }

  /** {@code asked}, {@code environment}, {@code umask}, {@code overlapped}. */
  String told(String name) throws IOException {
    var file = state.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  List<String> asked() throws IOException {
    return told("asked").lines().toList();
  }
}
