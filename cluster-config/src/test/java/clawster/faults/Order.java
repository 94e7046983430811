package clawster.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a node is to do when it reaches a hook: a file in a directory that rig and node share.
 *
 * @param millis what that means depends on the action
 * @param word only where the hook's arguments, as text, have it; empty for wherever
 */
record Order(Action action, int millis, String word) {

  enum Action {
    /** Ends the process so long after, without a word; what the hook stands before is not done. */
    HALT(true),
    /** Holds the thread. */
    BLOCK(false),
    THROW(false),
    /** Takes all memory there is. */
    EXHAUST(true),
    /** Says to the caller that it is done, although it is not. */
    ACKNOWLEDGE(false);

    private final boolean once;

    Action(boolean once) {
      this.once = once;
    }
  }

  static Order halt() {
    return new Order(Action.HALT, 0, "");
  }

  static Order to(Action action, int millis) {
    return new Order(action, millis, "");
  }

  Order where(String text) {
    return new Order(action, millis, text);
  }

  void give(Path directory, String hook) {
    try {
      var draft = Files.createTempFile(directory, "order-", ".tmp");
      Files.writeString(draft, action + "\n" + millis + "\n" + word);
      Files.move(draft, directory.resolve(hook), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isOpen(Path directory, String hook) {
    return Files.exists(directory.resolve(hook));
  }

  static void withdraw(Path directory, String hook) {
    try {
      Files.deleteIfExists(directory.resolve(hook));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is to be done here; whoever takes an order that is for once is the only one. */
  static Optional<Order> take(Path directory, String hook, String arguments) {
    var file = directory.resolve(hook);
    try {
      var lines = Files.readString(file).split("\n", 3);
      var order = new Order(Action.valueOf(lines[0]), Integer.parseInt(lines[1]), lines[2]);
      boolean here = arguments.contains(order.word());
      return here && (!order.action().once || Files.deleteIfExists(file))
          ? Optional.of(order)
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
