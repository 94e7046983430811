/**
 * System packages, as far as both sides of the helper's socket have to agree: which names there
 * are, what each package manager is told, and the wire between. A name is judged here and nowhere
 * else, by the node before it asks and by the helper before it believes; only a {@link
 * clawster.packages.PackageName} comes into an argument vector. Knows no framework, because a
 * process that runs as root depends on it.
 */
package clawster.packages;
