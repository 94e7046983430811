/** What all routes that take messages have in common, whatever their dialect. */
package clawster.http.requests;
