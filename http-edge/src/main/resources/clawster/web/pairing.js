// The pairing page: who asks to be let in, who was, and what may be done about either.
import { gateway, noticeOf } from "./api.js";
import { ask, askToken } from "./dialog.js";
import { chooseLanguage, speakAsChosen } from "./languages.js";
import { h, render } from "./libraries.js";
import { language, say } from "./messages.js";
import { PairingPage } from "./pairing-page.js";
import { Watch } from "./watch.js";

const api = gateway({ askToken });
const watch = new Watch({ ask: (signal) => api.pairing(signal), changed: draw, every: 3000 });
let refused = null;

function draw() {
  document.documentElement.lang = language();
  document.title = `${say("pairing")} · Clawster`;
  const deeds = { approve, deny, revoke, retry: () => watch.look(), dismiss, choose };
  render(h(PairingPage, { watch, refused, deeds }), document.getElementById("app"));
}

function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** Asks first, says what came of it, and looks again. */
async function after(question, deed, told) {
  if (!(await ask(question))) return;
  try {
    await deed();
    refused = null;
    announce(told);
  } catch (error) {
    refused = noticeOf(error);
  }
  draw();
  watch.look();
}

const approve = ({ code }) =>
  after({ title: say("approveTitle", { code }), text: say("approveText"), confirm: say("approve") },
    () => api.approve(code), say("approved", { code }));

const deny = ({ code }) =>
  after({ title: say("denyTitle", { code }), text: say("denyText"), confirm: say("deny"), danger: true },
    () => api.deny(code), say("denied", { code }));

const revoke = ({ sender_id: device, channel }) =>
  after({ title: say("revokeTitle", { device }), text: say("revokeText"), confirm: say("revoke"), danger: true },
    () => api.revoke(device, channel), say("revoked", { device }));

function dismiss() {
  refused = null;
  draw();
}

function choose(code) {
  chooseLanguage(code);
  draw();
}

speakAsChosen();
watch.look();
