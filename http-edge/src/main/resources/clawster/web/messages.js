// Sentences for people. Each language has the same keys and the same {placeholders}; a test checks.
import en from "./messages/en.js";
import vi from "./messages/vi.js";
import zh from "./messages/zh.js";

export const catalogues = { en, vi, zh };

/** The first of the wished-for languages ("vi-VN", "en") that we speak; English when none is. */
export function languageFor(wishes) {
  return wishes.map((wish) => wish.toLowerCase().split("-")[0]).find((code) => Object.hasOwn(catalogues, code)) ?? "en";
}

let current = "en";

export const language = () => current;

export function speak(code) {
  current = languageFor([code]);
}

export function say(key, values = {}) {
  return catalogues[current][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A moment, short; a dash where there is none. */
export function when(moment) {
  const date = new Date(moment ?? NaN);
  return Number.isNaN(date.getTime()) ? "–" : date.toLocaleString(current, { dateStyle: "short", timeStyle: "short" });
}
