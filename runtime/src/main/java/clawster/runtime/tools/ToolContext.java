package clawster.runtime.tools;

import java.nio.file.Path;

/**
 * @param session the key of the session the call belongs to
 * @param callId the call's id, the same when recovery repeats an idempotent call
 * @param workspace the directory the session's tools may write in; it need not exist yet
 */
public record ToolContext(String session, String callId, Path workspace) {}
