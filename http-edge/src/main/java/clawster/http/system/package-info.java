/** What tells whether a node lives and can serve. */
package clawster.http.system;
