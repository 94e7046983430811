/** {@code /ws}: GoClaw's WebSocket protocol, version 3, over the endpoints that there are. */
package clawster.http.socket;
