package clawster.wrong.pkghelper;

import clawster.wrong.runtime.dreams.Dream;

/** Wrong: what runs as root knows the rest of the house. */
public record Daemon(Dream dream) {}
