/** GoClaw's session routes: list, read, change, stop and follow. */
package clawster.http.sessions;
