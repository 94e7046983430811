package clawster.runtime.models;

/**
 * @param continuesAssistantPrefix a trailing assistant message is continued rather than refused
 */
public record ModelCapabilities(boolean continuesAssistantPrefix) {}
