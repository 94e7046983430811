/**
 * What may be said of a request and of an answer: values that the document on the API is written
 * from and that tests try endpoints by. Knows nothing of how either is served.
 */
package clawster.http.contract;
