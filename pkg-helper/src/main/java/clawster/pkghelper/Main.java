package clawster.pkghelper;

import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** What {@code ./clawster helper} keeps running, as root. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    try {
      Daemon.run(
          HelperSettings.read(List.of(arguments), System.getenv()),
          new Audit(System.out, Clock.systemUTC()));
    } catch (StartRefused refused) {
      end(refused.getMessage());
    } catch (IOException e) {
      end(e.toString());
    }
  }

  private static void end(String why) {
    System.err.println("package helper: " + why);
    System.exit(1);
  }
}
