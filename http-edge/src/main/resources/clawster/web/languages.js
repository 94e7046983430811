// Which language the pages speak: the one chosen in this browser, else the first it wishes for.
import { h } from "./libraries.js";
import { catalogues, language, languageFor, say, speak } from "./messages.js";

const CHOSEN = "clawster.language";

export const speakAsChosen = () =>
  speak(localStorage.getItem(CHOSEN) ?? languageFor(navigator.languages ?? [navigator.language]));

export function chooseLanguage(code) {
  localStorage.setItem(CHOSEN, code);
  speak(code);
}

export function LanguageChoice({ onChoose }) {
  return h("label", { class: "language" },
    h("span", null, say("language")),
    h("select", { value: language(), onChange: (event) => onChoose(event.target.value) },
      Object.entries(catalogues).map(([code, catalogue]) =>
        h("option", { key: code, value: code, lang: code }, catalogue.languageName))));
}
