/** The dashboard: static files from this jar and from WebJars. */
package clawster.http.web;
