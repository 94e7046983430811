/**
 * Who may ask how often: wrong credentials, requests that make a model answer, answers at once,
 * runs within an hour, a day and a week. A limit is one number for the whole cluster; its rule is
 * pure, and what it counts is behind a port.
 */
package clawster.runtime.limits;
