// The application: what is open, what may be done, and what the keys do. The page shows it.
import { plainText } from "./answer.js";
import { gateway, noticeOf } from "./api.js";
import { Conversation, newKey } from "./conversation.js";
import { ask, askToken } from "./dialog.js";
import { chooseLanguage, speakAsChosen } from "./languages.js";
import { h } from "./libraries.js";
import { say } from "./messages.js";
import { answeringModel } from "./models.js";
import { Page } from "./page.js";
import { announce, show } from "./screen.js";
import { Sessions, labelFrom, titleOf } from "./sessions.js";

const MAX_ANNOUNCED = 1500;

const api = gateway({ askToken: (how) => askToken(how).finally(focusComposerIfNothingIs) });
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
  const title = titleOf(sessions.find(conversation.key)) || say("newChat");
  show(title, h(Page, { sessions, conversation, models, listShown, busyKeys: busyKeys(), drafts, deeds }));
}

const busyKeys = () => [...away.values(), conversation].filter(({ busy }) => busy).map(({ key }) => key);

/** What the page may ask for. */
const deeds = {
  open, newChat, send, rename, reset, remove, start, choose, showList,
  sendAgain: () => send(null, true),
};

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

/** A dialog that opened before the composer was focused kept it from being, and has nothing to give the focus back to. */
function focusComposerIfNothingIs() {
  if (wide() && document.activeElement === document.body) focusComposer();
}

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

// ---- choosing a language

function choose(code) {
  chooseLanguage(code);
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

speakAsChosen();
openFromAddress();
start();
if (wide()) focusComposer();
