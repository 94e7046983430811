// The cluster page: what is known of the nodes, how fresh that is, and what may be done to them.
import { gateway, noticeOf } from "./api.js";
import { ClusterPage } from "./cluster-page.js";
import { ask, askToken } from "./dialog.js";
import { chooseLanguage, speakAsChosen } from "./languages.js";
import { h, render } from "./libraries.js";
import { language, say } from "./messages.js";
import { Watch } from "./watch.js";

const api = gateway({ askToken });
const watch = new Watch({ ask: (signal) => api.cluster(signal), changed: draw, every: 2000 });
let refused = null;

function draw() {
  const { known: cluster, seen, notice } = watch;
  document.documentElement.lang = language();
  document.title = `${say("cluster")} · Clawster`;
  const deeds = { drain, retry: () => watch.look(), dismiss, choose };
  render(h(ClusterPage, { cluster, seen, notice, refused, deeds }), document.getElementById("app"));
}

function announce(text) {
  document.getElementById("announcer").textContent = text;
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
  watch.look();
}

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
