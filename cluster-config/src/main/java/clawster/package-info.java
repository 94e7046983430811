/** The composition root: what joins the modules, reads settings and starts a node. */
package clawster;
