/**
 * The package helper: a small process that runs as root, so that the node need not. It listens on a
 * socket that one user may reach, judges what it hears by {@link clawster.packages.Verdict}, tells
 * the package manager nothing but a {@link clawster.packages.BackEnd}'s words, one change at a
 * time, and remembers what it installed, to do so again in a new container. Whatever it cannot be
 * sure of it refuses.
 */
package clawster.pkghelper;
