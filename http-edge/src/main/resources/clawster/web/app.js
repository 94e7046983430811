// The page: what is open, what the keys do, and how the parts sit together.
import { plainText } from "./answer.js";
import { gateway, noticeOf } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation, newKey } from "./conversation.js";
import { ask } from "./dialog.js";
import { Fragment, h, render } from "./libraries.js";
import { catalogues, language, languageFor, say, speak } from "./messages.js";
import { answeringModel } from "./models.js";
import { SessionList } from "./session-list.js";
import { Sessions, labelFrom, titleOf } from "./sessions.js";
import { Transcript } from "./transcript.js";

const LANGUAGE = "clawster.language";
const MAX_ANNOUNCED = 1500;
const SHORTCUT = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘K" : "Ctrl+K";

const api = gateway({
  askToken: ({ wrong }) =>
    ask({
      title: say("tokenTitle"),
      text: say("tokenText"),
      warning: wrong ? say("tokenWrong") : null,
      field: { label: say("token"), secret: true },
      confirm: say("unlock"),
    }),
});
const sessions = new Sessions({ api, changed });
const drafts = new Map();
let models = { state: "loading" };
let conversation = null;
/** Conversations left while they were answering, by key: they go on, and wait to be looked at. */
const away = new Map();
let listShown = false;
let drawn = false;

// ---- drawing, at most once a frame

function changed() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(draw);
}

function draw() {
  drawn = false;
  document.documentElement.lang = language();
  document.title = `${titleOf(sessions.find(conversation.key)) || say("newChat")} · Clawster`;
  render(h(Page), document.getElementById("app"));
}

function announce(text) {
  document.getElementById("announcer").textContent = text;
}

// ---- opening

function keyInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function openFromAddress() {
  const key = keyInAddress();
  if (conversation && key === conversation.key) return;
  if (conversation?.busy) away.set(conversation.key, conversation);
  else conversation?.close();
  announce("");
  conversation = away.get(key) ?? begun(key);
  away.delete(key);
  changed();
}

function begun(key) {
  const founded = () => sessions.load();
  const begun = new Conversation({ api, key: key || newKey(), stored: Boolean(key), changed, founded, ended });
  begun.open();
  return begun;
}

function open(key) {
  showList(false);
  location.hash = encodeURIComponent(key);
  if (wide()) focusComposer();
  else document.getElementById("conversation").focus();
}

function newChat() {
  showList(false);
  if (conversation.exists || conversation.turns.length > 0) {
    history.pushState(null, "", location.pathname);
    openFromAddress();
  }
  focusComposer();
}

const width = matchMedia("(min-width: 700px)");
const wide = () => width.matches;
width.addEventListener("change", () => showList(false));

const focusComposer = () => requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById("message")?.focus()));

function showList(shown) {
  if (listShown === shown) return;
  listShown = shown;
  changed();
  requestAnimationFrame(() => requestAnimationFrame(() =>
    document.querySelector(shown ? "#sidebar button.new" : "#show-list")?.focus()));
}

// ---- conversing

async function send(question, again = false) {
  const fresh = !conversation.exists;
  const { key } = conversation;
  announce(say("announceWorking"));
  if (fresh) history.replaceState(null, "", `#${encodeURIComponent(key)}`);
  await (again ? conversation.sendAgain() : conversation.send(question));
}

async function ended({ key, turns }, answer) {
  const spoken = answer.end?.how === "stopped" ? say("announceStopped") : plainText(answer).slice(0, MAX_ANNOUNCED);
  if (key === conversation.key) announce(spoken || say("noAnswer"));
  await sessions.load();
  const session = sessions.find(key);
  const first = turns.find((turn) => turn.role === "user");
  // A chat begun here is called after its first question until someone names it.
  if (session && !session.label && first && titleOf(session) === "") {
    await sessions.rename(key, labelFrom(first.text)).catch(() => {});
  }
}

// ---- what the session menu does

async function rename(key) {
  const label = await ask({
    title: say("renameTitle"),
    field: { label: say("name"), value: titleOf(sessions.find(key)), maxLength: 120 },
    confirm: say("save"),
  });
  if (label) await tell(sessions.rename(key, label));
}

async function reset(key) {
  const title = titleOf(sessions.find(key)) || say("untitled");
  if (!(await ask({ title: say("resetTitle", { title }), text: say("resetText"), confirm: say("reset"), danger: true }))) return;
  if ((await tell(sessions.reset(key))) && key === conversation.key) reopen();
}

async function remove(key) {
  const title = titleOf(sessions.find(key)) || say("untitled");
  if (!(await ask({ title: say("removeTitle", { title }), text: say("removeText"), confirm: say("remove"), danger: true }))) return;
  if (key === conversation.key) conversation.close();
  if ((await tell(sessions.remove(key))) && key === conversation.key) {
    history.replaceState(null, "", location.pathname);
    openFromAddress();
    focusComposer();
  }
}

function reopen() {
  conversation.close();
  conversation = null;
  openFromAddress();
}

/** Waits for a deed, and shows its refusal. */
async function tell(deed) {
  try {
    await deed;
    return true;
  } catch (error) {
    conversation.notice = noticeOf(error);
    changed();
    return false;
  }
}

// ---- the page

function Page() {
  return h(Fragment, null,
    h("a", { class: "skip", href: "#message", onClick: skip }, say("skip")),
    h("div", { class: `shell ${listShown ? "list-shown" : ""}` },
      h(Sidebar),
      h("button", { type: "button", class: "scrim", tabIndex: -1, "aria-hidden": "true", onClick: () => showList(false) }),
      h(Main)));
}

function Sidebar() {
  return h("aside", { class: "sidebar", id: "sidebar" },
    h("div", { class: "brand" },
      h("img", { src: "/web/favicon.svg", alt: "", width: 26, height: 26 }),
      h("span", null, "Clawster"),
      h("button", { type: "button", class: "quiet narrow-only", onClick: () => showList(false), "aria-label": say("hideSessions") }, "✕")),
    h("button", {
      type: "button",
      class: "new",
      onClick: newChat,
      title: say("newChatHint", { shortcut: SHORTCUT }),
      "aria-keyshortcuts": "Control+K Meta+K N",
    }, h("span", { "aria-hidden": "true" }, "+"), say("newChat"), h("kbd", { "aria-hidden": "true" }, SHORTCUT)),
    h(SessionList, {
      sessions,
      openKey: conversation.key,
      busyKeys: [...away.values(), conversation].filter(({ busy }) => busy).map(({ key }) => key),
      onOpen: open,
      onRename: rename,
      onRemove: remove,
      onMore: () => sessions.more(),
      onRetry: start,
    }),
    h("label", { class: "language" },
      h("span", null, say("language")),
      h("select", { value: language(), onChange: (event) => choose(event.target.value) },
        Object.entries(catalogues).map(([code, catalogue]) =>
          h("option", { key: code, value: code, lang: code }, catalogue.languageName)))));
}

function Main() {
  const session = sessions.find(conversation.key);
  const { key } = conversation;
  return h("main", { class: "main", id: "conversation", tabIndex: -1, inert: listShown },
    h("header", { class: "bar" },
      h("button", {
        type: "button", id: "show-list", class: "quiet narrow-only", "aria-label": say("showSessions"),
        "aria-expanded": String(listShown), "aria-controls": "sidebar", onClick: () => showList(true),
      }, "☰"),
      h("h1", null, titleOf(session) || say(session ? "untitled" : "newChat")),
      session && h("div", { class: "deeds" },
        h("button", { type: "button", class: "quiet", onClick: () => rename(key) }, say("rename")),
        h("button", { type: "button", class: "quiet", onClick: () => reset(key) }, say("reset")),
        h("button", { type: "button", class: "quiet", onClick: () => remove(key) }, say("remove")))),
    h(Body),
    h(Composer, {
      key,
      busy: conversation.busy,
      draft: drafts.get(key) ?? "",
      onDraft: (text) => drafts.set(key, text),
      onSend: send,
      onStop: () => conversation.stop(),
    }));
}

function Body() {
  const { state, shown, phase, notice } = conversation;
  if (state === "loading" && shown.length === 0) return h("div", { class: "middle" }, h("p", null, say("loading")));
  if (state === "unreadable") {
    return h("div", { class: "middle" },
      h(Notice, {
        notice: conversation.problem,
        lead: say("unreadable"),
        action: h("button", { type: "button", class: "primary", onClick: () => conversation.retry() }, say("tryAgain")),
      }));
  }
  if (shown.length === 0 && !notice) return h(Welcome);
  return h(Transcript, { key: conversation.key, turns: shown, phase },
    notice && h(Notice, {
      notice,
      action: [
        notice.question && h("button", { type: "button", class: "primary", onClick: () => send(null, true) }, say("sendAgain")),
        h("button", { type: "button", class: "quiet", onClick: () => conversation.dismiss() }, say("dismiss")),
      ],
    }));
}

function Notice({ notice, lead, action }) {
  const { kind, message } = notice;
  const sentence = {
    failed: () => (message ? `${say("failed")}: ${message}` : say("failed")),
    unreachable: () => say("unreachable"),
    lost: () => say("lost"),
    refused: () => say("refused", { message }),
    stopFailed: () => say("stopFailed"),
  }[kind]();
  return h("div", { class: "notice", role: "alert" },
    lead && h("strong", null, lead),
    h("p", null, sentence),
    h("div", { class: "notice-row" }, action));
}

function Welcome() {
  const { state, model } = models;
  return h("div", { class: "middle welcome" },
    h("img", { src: "/web/favicon.svg", alt: "", width: 56, height: 56 }),
    h("h2", null, say("emptyTitle")),
    state === "ready" && !model && h("p", null, say("emptyNoModel")),
    model && h("p", { class: "model" }, model.demo ? say("emptyDemo") : say("emptyModel", { model: model.id })),
    state === "unlisted" && h(Notice, {
      notice: models.problem,
      action: h("button", { type: "button", class: "primary", onClick: start }, say("tryAgain")),
    }));
}

function skip(event) {
  event.preventDefault();
  document.getElementById("message").focus();
}

function choose(code) {
  localStorage.setItem(LANGUAGE, code);
  speak(code);
  changed();
}

// ---- keys

const editable = (node) => /^(INPUT|TEXTAREA|SELECT)$/.test(node.nodeName) || node.isContentEditable;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    newChat();
  } else if (plain && event.key === "n" && !editable(event.target)) {
    event.preventDefault();
    newChat();
  } else if (plain && event.key === "Escape") {
    if (listShown) showList(false);
    else conversation.stop();
  }
});

window.addEventListener("hashchange", openFromAddress);
window.addEventListener("popstate", openFromAddress);

// A page nobody looks at holds no connection; a browser has only six for each gateway.
document.addEventListener("visibilitychange", () => {
  if (conversation.busy) return;
  if (document.hidden) {
    conversation.following?.abort();
  } else {
    sessions.load();
    conversation.open();
  }
});

async function start() {
  sessions.load();
  try {
    models = { state: "ready", model: answeringModel(await api.models()) };
  } catch (error) {
    models = { state: "unlisted", problem: noticeOf(error) };
  }
  changed();
}

speak(localStorage.getItem(LANGUAGE) ?? languageFor(navigator.languages ?? [navigator.language]));
openFromAddress();
start();
if (wide()) focusComposer();
