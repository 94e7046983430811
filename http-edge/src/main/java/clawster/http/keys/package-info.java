/** API keys over HTTP. */
package clawster.http.keys;
