// The cluster page: what is known of the nodes, how fresh that is, and what may be done to them.
import { gateway, noticeOf } from "./api.js";
import { ClusterPage } from "./cluster-page.js";
import { ask, askToken } from "./dialog.js";
import { chooseLanguage, speakAsChosen } from "./languages.js";
import { h, render } from "./libraries.js";
import { language, say } from "./messages.js";

const EVERY = 2000;
/** A node that is asked and does not answer is as good as gone. */
const PATIENCE = 8000;

const api = gateway({ askToken });
let cluster = null;
let seen = null;
let notice = null;
let refused = null;
let timer = null;
let looking = false;

function draw() {
  document.documentElement.lang = language();
  document.title = `${say("cluster")} · Clawster`;
  render(h(ClusterPage, { cluster, seen, notice, refused, deeds }), document.getElementById("app"));
}

const deeds = { drain, retry: look, dismiss, choose };

function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** Looks, and again when that is done; who declined to give a token is not asked every two seconds. */
async function look() {
  clearTimeout(timer);
  if (looking) return;
  looking = true;
  try {
    cluster = await api.cluster(AbortSignal.timeout(PATIENCE));
    seen = new Date();
    notice = null;
  } catch (error) {
    notice = noticeOf(error);
    if (error.status === 401) notice.final = true;
  }
  looking = false;
  draw();
  if (!notice?.final && !document.hidden) timer = setTimeout(look, EVERY);
}

async function drain({ id, name }) {
  const title = name ?? id;
  if (!(await ask({ title: say("drainTitle", { title }), text: say("drainText"), confirm: say("drain"), danger: true }))) return;
  try {
    await api.drain(id);
    refused = null;
    announce(say("drainAsked", { title }));
  } catch (error) {
    refused = noticeOf(error);
  }
  draw();
  look();
}

function dismiss() {
  refused = null;
  draw();
}

function choose(code) {
  chooseLanguage(code);
  draw();
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !notice?.final) look();
});

speakAsChosen();
draw();
look();
