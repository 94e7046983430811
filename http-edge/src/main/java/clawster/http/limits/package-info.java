/** Limits for what makes a model answer: asked before its handler, ended with its answer. */
package clawster.http.limits;
