/** A small house that breaks every rule of {@link clawster.Architecture}, to see each fail. */
package clawster.wrong;
