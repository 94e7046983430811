/**
 * What can be set of the gateway while it runs: one table of settings, one document of what is set,
 * with a number and a hash for each of its versions. A setting that a node's environment gives is
 * fixed there. Whatever is refused is refused before it is stored; what a node cannot read it does
 * not follow, and goes on with what it had.
 */
package clawster.runtime.config;
