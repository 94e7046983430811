// What all pages but the chat are framed by, and the way from page to page.
import { LanguageChoice } from "./languages.js";
import { Fragment, h } from "./libraries.js";
import { say } from "./messages.js";

const PAGES = [["/", "sessions"], ["/cluster", "cluster"], ["/packages", "packages"], ["/pairing", "pairing"], ["/docs", "apiDocs"]];

/** Where else one may go. */
export function Elsewhere({ here }) {
  return h("nav", { class: "pages", "aria-label": say("pages") },
    PAGES.filter(([path]) => path !== here).map(([path, name]) => h("a", { key: path, class: "elsewhere", href: path }, say(name))));
}

export function Frame({ here, name, skip, tools, deeds, children }) {
  return h(Fragment, null,
    h("a", { class: "skip", href: "#body" }, say(skip)),
    h("div", { class: "framed" },
      h("header", { class: "bar" },
        h("img", { src: "/web/favicon.svg", alt: "", width: 26, height: 26 }),
        h("h1", null, say(name)),
        tools,
        h(Elsewhere, { here }),
        h(LanguageChoice, { onChoose: deeds.choose })),
      h("main", { class: "framed-body", id: "body", tabIndex: -1 }, children)));
}

export function Notice({ notice, label, onClick }) {
  const { kind, message } = notice;
  return h("div", { class: "notice", role: "alert" },
    h("p", null, kind === "refused" ? say("refused", { message }) : say("unreachable")),
    h("div", { class: "notice-row" }, h("button", { type: "button", class: "primary", onClick }, label)));
}
