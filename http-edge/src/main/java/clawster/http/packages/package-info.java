/**
 * {@code /v1/packages}: what the nodes have, and what is declared. A name is judged here, before
 * anybody else hears of it; nothing here installs anything.
 */
package clawster.http.packages;
