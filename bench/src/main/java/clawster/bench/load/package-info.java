/**
 * The rows of the table in bench/README.md and the client that measures them. Every row is measured
 * at the node and, beside it, directly at the scripted upstream. The client shares the machine with
 * what it measures, so it is one thread that does little per token; it reads answers by their text
 * ("t0 t1 …") and so notices what is lost or repeated.
 */
package clawster.bench.load;
