// The pairing page: who asks to be let in, who was, and what may be done about either.
import { gateway } from "./api.js";
import { askToken } from "./dialog.js";
import { chooseLanguage, speakAsChosen } from "./languages.js";
import { h } from "./libraries.js";
import { say } from "./messages.js";
import { PairingPage } from "./pairing-page.js";
import { Deeds, show } from "./screen.js";
import { Watch } from "./watch.js";

const api = gateway({ askToken });
const watch = new Watch({ ask: (signal) => api.pairing(signal), changed: draw, every: 3000 });
const asked = new Deeds({ draw, watch });
const deeds = { approve, deny, revoke, retry: () => watch.look(), dismiss: asked.dismiss, choose };

function draw() {
  show(say("pairing"), h(PairingPage, { watch, refused: asked.refused, deeds }));
}

function approve({ code }) {
  return asked.after({ title: say("approveTitle", { code }), text: say("approveText"), confirm: say("approve") },
    () => api.approve(code), say("approved", { code }));
}

function deny({ code }) {
  return asked.after({ title: say("denyTitle", { code }), text: say("denyText"), confirm: say("deny"), danger: true },
    () => api.deny(code), say("denied", { code }));
}

function revoke({ sender_id: device, channel }) {
  return asked.after({ title: say("revokeTitle", { device }), text: say("revokeText"), confirm: say("revoke"), danger: true },
    () => api.revoke(device, channel), say("revoked", { device }));
}

function choose(code) {
  chooseLanguage(code);
  draw();
}

speakAsChosen();
watch.look();
