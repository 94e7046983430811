// The list at the left. Arrow keys move along it; only one entry is in the Tab order.
import { h } from "./libraries.js";
import { language, say } from "./messages.js";
import { titleOf } from "./sessions.js";

export function SessionList({ sessions, openKey, busyKeys, onOpen, onRename, onRemove, onMore, onRetry }) {
  if (sessions.state === "unlisted") {
    return h("div", { class: "aside-note", role: "alert" },
      h("p", null, say("unlisted")),
      h("button", { type: "button", class: "quiet", onClick: onRetry }, say("tryAgain")));
  }
  if (sessions.list.length === 0) {
    return h("p", { class: "aside-note" }, say(sessions.state === "loading" ? "loading" : "noSessions"));
  }
  const tabStop = sessions.find(openKey)?.key ?? sessions.list[0].key;
  return h("nav", { class: "sessions", "aria-label": say("sessions") },
    h("ul", { onKeyDown: (event) => walk(event, { onRename, onRemove }), "aria-describedby": "list-keys" },
      sessions.list.map((session) =>
        h("li", { key: session.key },
          h("button", {
            type: "button",
            class: "session",
            "data-key": session.key,
            "aria-current": session.key === openKey ? "page" : undefined,
            tabIndex: session.key === tabStop ? 0 : -1,
            onClick: () => onOpen(session.key),
          },
          h("span", { class: `session-title ${busyKeys.includes(session.key) ? "busy" : ""}` }, titleOf(session) || say("untitled")),
          h("span", { class: "session-facts" },
            h("span", null, ago(session.updated)),
            channelOf(session) && h("span", { class: "chip" }, channelOf(session))))))),
    h("p", { class: "unseen", id: "list-keys" }, say("listKeys")),
    sessions.hasMore && h("button", { type: "button", class: "quiet", onClick: onMore }, say("more")));
}

function walk(event, { onRename, onRemove }) {
  const key = event.target.dataset?.key;
  if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = [...event.currentTarget.querySelectorAll("button.session")];
  const at = buttons.indexOf(event.target);
  const steps = {
    ArrowDown: () => buttons[Math.min(at + 1, buttons.length - 1)].focus(),
    ArrowUp: () => buttons[Math.max(at - 1, 0)].focus(),
    Home: () => buttons[0].focus(),
    End: () => buttons.at(-1).focus(),
    F2: () => onRename(key),
    Delete: () => onRemove(key),
  };
  if (!steps[event.key]) return;
  event.preventDefault();
  steps[event.key]();
}

const channelOf = ({ channel }) => (channel && !["web", "http", "api"].includes(channel) ? channel : null);

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function ago(moment) {
  const date = new Date(moment ?? NaN);
  if (Number.isNaN(date.getTime())) return "";
  const seconds = (date.getTime() - Date.now()) / 1000;
  if (seconds < -7 * 86400) return date.toLocaleDateString(language(), { dateStyle: "medium" });
  const [unit, size] = UNITS.find(([, length]) => -seconds >= length) ?? ["second", 60];
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  return unit === "second" ? format.format(0, "second") : format.format(Math.round(seconds / size), unit);
}
