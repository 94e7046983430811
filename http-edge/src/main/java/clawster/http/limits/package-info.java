/**
 * Limits for what makes a model answer: asked before its handler and before its run begins, ended
 * with its answer; and what of them is used.
 */
package clawster.http.limits;
