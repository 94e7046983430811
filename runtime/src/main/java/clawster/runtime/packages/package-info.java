/**
 * What programs and libraries agents have: declared once for the cluster, brought about on each
 * node by whoever installs there. An {@link clawster.runtime.packages.Installer} knows one node and
 * what is really installed on it, and nothing of what is declared; strangers' code gets nothing of
 * this node's environment but what an operator says about indexes, and what strangers list is
 * believed no further than the {@link clawster.runtime.packages.RuntimeDirectory} goes.
 */
package clawster.runtime.packages;
