package clawster.http.socket;

import clawster.http.kernel.Language;
import clawster.runtime.identity.Access;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/**
 * Something that is told to all who are connected and may know of it.
 *
 * @param access who may
 */
public record SocketEvent(String name, Access access, Function<Language, ObjectNode> payload) {}
