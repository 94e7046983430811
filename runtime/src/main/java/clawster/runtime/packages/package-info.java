/**
 * What programs and libraries agents have: declared once for the cluster, brought about on each
 * node by whoever installs there.
 */
package clawster.runtime.packages;
