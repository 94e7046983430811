/**
 * What every dialect's endpoints are made of: an endpoint is a value, a request is checked in one
 * place, and a refusal is rendered by one switch per dialect.
 */
package clawster.http.kernel;
