/**
 * Who may ask how often: wrong credentials, requests that make a model answer, answers at once. A
 * limit is one number for the whole cluster; its rule is pure, and what it counts is behind a port.
 */
package clawster.runtime.limits;
