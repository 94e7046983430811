// The cluster page: what is known of the nodes, how fresh that is, and what may be done to them.
import { gateway } from "./api.js";
import { ClusterPage } from "./cluster-page.js";
import { askToken } from "./dialog.js";
import { chooseLanguage, speakAsChosen } from "./languages.js";
import { h } from "./libraries.js";
import { say } from "./messages.js";
import { Deeds, show } from "./screen.js";
import { Watch } from "./watch.js";

const api = gateway({ askToken });
const watch = new Watch({ ask: (signal) => api.cluster(signal), changed: draw, every: 2000 });
const asked = new Deeds({ draw, watch });
const deeds = { drain, retry: () => watch.look(), dismiss: asked.dismiss, choose };

function draw() {
  const { known: cluster, seen, notice } = watch;
  show(say("cluster"), h(ClusterPage, { cluster, seen, notice, refused: asked.refused, deeds }));
}

function drain({ id, name }) {
  const title = name ?? id;
  return asked.after({ title: say("drainTitle", { title }), text: say("drainText"), confirm: say("drain"), danger: true },
    () => api.drain(id), say("drainAsked", { title }));
}

function choose(code) {
  chooseLanguage(code);
  draw();
}

speakAsChosen();
watch.look();
