/** Who changed what, over HTTP. */
package clawster.http.audit;
