// The page as a whole: the list at the left, the open conversation, and where one writes.
import { Composer } from "./composer.js";
import { Elsewhere } from "./frame.js";
import { LanguageChoice } from "./languages.js";
import { Fragment, h } from "./libraries.js";
import { say } from "./messages.js";
import { SessionList } from "./session-list.js";
import { titleOf } from "./sessions.js";
import { Transcript } from "./transcript.js";

const SHORTCUT = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘K" : "Ctrl+K";

export function Page(props) {
  const { listShown, deeds } = props;
  return h(Fragment, null,
    h("a", { class: "skip", href: "#message", onClick: skip }, say("skip")),
    h("div", { class: `shell ${listShown ? "list-shown" : ""}` },
      h(Sidebar, props),
      h("button", { type: "button", class: "scrim", tabIndex: -1, "aria-hidden": "true", onClick: () => deeds.showList(false) }),
      h(Main, props)));
}

function Sidebar({ sessions, conversation, busyKeys, deeds }) {
  return h("aside", { class: "sidebar", id: "sidebar" },
    h("div", { class: "brand" },
      h("img", { src: "/web/favicon.svg", alt: "", width: 26, height: 26 }),
      h("span", null, "Clawster"),
      h("button", { type: "button", class: "quiet narrow-only", onClick: () => deeds.showList(false), "aria-label": say("hideSessions") }, "✕")),
    h("button", {
      type: "button",
      class: "new",
      onClick: deeds.newChat,
      title: say("newChatHint", { shortcut: SHORTCUT }),
      "aria-keyshortcuts": "Control+K Meta+K N",
    }, h("span", { "aria-hidden": "true" }, "+"), say("newChat"), h("kbd", { "aria-hidden": "true" }, SHORTCUT)),
    h(SessionList, {
      sessions,
      openKey: conversation.key,
      busyKeys,
      onOpen: deeds.open,
      onRename: deeds.rename,
      onRemove: deeds.remove,
      onMore: () => sessions.more(),
      onRetry: deeds.start,
    }),
    h(Elsewhere, { here: "/" }),
    h(LanguageChoice, { onChoose: deeds.choose }));
}

function Main({ sessions, conversation, models, listShown, drafts, deeds }) {
  const session = sessions.find(conversation.key);
  const { key } = conversation;
  return h("main", { class: "main", id: "conversation", tabIndex: -1, inert: listShown },
    h("header", { class: "bar" },
      h("button", {
        type: "button", id: "show-list", class: "quiet narrow-only", "aria-label": say("showSessions"),
        "aria-expanded": String(listShown), "aria-controls": "sidebar", onClick: () => deeds.showList(true),
      }, "☰"),
      h("h1", null, titleOf(session) || say(session ? "untitled" : "newChat")),
      session && h("div", { class: "deeds" },
        h("button", { type: "button", class: "quiet", onClick: () => deeds.rename(key) }, say("rename")),
        h("button", { type: "button", class: "quiet", onClick: () => deeds.reset(key) }, say("reset")),
        h("button", { type: "button", class: "quiet", onClick: () => deeds.remove(key) }, say("remove")))),
    h(Body, { conversation, models, deeds }),
    h(Composer, {
      key,
      busy: conversation.busy,
      draft: drafts.get(key) ?? "",
      onDraft: (text) => drafts.set(key, text),
      onSend: (question) => deeds.send(question),
      onStop: () => conversation.stop(),
    }));
}

function Body({ conversation, models, deeds }) {
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
  if (shown.length === 0 && !notice) return h(Welcome, { models, deeds });
  return h(Transcript, { key: conversation.key, turns: shown, phase },
    notice && h(Notice, {
      notice,
      action: [
        notice.question && h("button", { type: "button", class: "primary", onClick: deeds.sendAgain }, say("sendAgain")),
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

function Welcome({ models, deeds }) {
  const { state, model } = models;
  return h("div", { class: "middle welcome" },
    h("img", { src: "/web/favicon.svg", alt: "", width: 56, height: 56 }),
    h("h2", null, say("emptyTitle")),
    state === "ready" && !model && h("p", null, say("emptyNoModel")),
    model && h("p", { class: "model" }, model.demo ? say("emptyDemo") : say("emptyModel", { model: model.id })),
    state === "unlisted" && h(Notice, {
      notice: models.problem,
      action: h("button", { type: "button", class: "primary", onClick: deeds.start }, say("tryAgain")),
    }));
}

function skip(event) {
  event.preventDefault();
  document.getElementById("message").focus();
}
