package clawster.http.packages;

import clawster.http.kernel.Language;
import clawster.http.socket.SocketEvent;
import clawster.runtime.identity.Access;
import clawster.runtime.packages.PackageNews;
import clawster.runtime.packages.Packages.Presence;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * {@code package.progress}, {@code package.node} and {@code package.done}: what server-sent events
 * tell whoever declared something, with what it was.
 */
public final class PackageNewsEvents {

  private PackageNewsEvents() {}

  /** Whoever may list packages may know how they come about. */
  public static SocketEvent of(PackageNews news) {
    return new SocketEvent(
        "package." + PackageEvents.name(news.event()),
        Access.READ,
        language -> payload(news, language));
  }

  private static ObjectNode payload(PackageNews news, Language language) {
    var payload =
        JsonNodeFactory.instance
            .objectNode()
            .put("package", news.spec().toString())
            .put("action", news.presence() == Presence.INSTALLED ? "install" : "uninstall")
            .put("change", news.change());
    return payload.setAll(PackageEvents.data(news.change(), news.event(), language));
  }
}
