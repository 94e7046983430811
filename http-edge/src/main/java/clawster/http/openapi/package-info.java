/** The document on the API, OpenAPI 3.0.3, written from the list of endpoints and nothing else. */
package clawster.http.openapi;
