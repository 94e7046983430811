/** How devices are let in, over HTTP. */
package clawster.http.pairing;
