// The packages page: what is installed, what it is installed with, and changes to it while they last.
import { gateway } from "./api.js";
import { ask, askToken } from "./dialog.js";
import { chooseLanguage, speakAsChosen } from "./languages.js";
import { h } from "./libraries.js";
import { say } from "./messages.js";
import { PackageChanges } from "./package-changes.js";
import { PackagesPage, telling } from "./packages-page.js";
import { announce, show } from "./screen.js";
import { Watch } from "./watch.js";

const api = gateway({ askToken });
const watch = new Watch({
  ask: async (signal) => {
    const [packages, runtimes] = await Promise.all([api.packages(signal), api.runtimes(signal)]);
    return { packages, runtimes };
  },
  changed: draw,
});
const changes = new PackageChanges({ api, changed: draw, ended });
const deeds = { install, remove, dismiss, refresh: () => watch.look(), choose };

function draw() {
  show(say("packages"), h(PackagesPage, { watch, changes, deeds }));
}

/** Whether it came about, so that its name need not be typed again. */
async function install(kind, name) {
  announce(say("installing", { name }));
  await begin(kind, "install", name);
  return changes.current[kind]?.state === "done";
}

async function remove(kind, name) {
  const title = say("removePackageTitle", { name });
  if (!(await ask({ title, text: say("removePackageText"), confirm: say("removePackage"), danger: true }))) return;
  announce(say("removing", { name }));
  await begin(kind, "uninstall", name);
}

/** The button that was pressed cannot keep the focus: it is disabled now, or goes with its row. */
function begin(kind, deed, name) {
  const made = changes.make(kind, deed, name);
  if (!document.activeElement?.matches("input")) document.querySelector(`[data-kind="${kind}"] .change`)?.focus();
  return made;
}

/** What went wrong is an alert, which says itself. */
function ended(change) {
  if (change.state === "done") announce(telling(change));
  watch.look();
}

function dismiss(kind) {
  changes.dismiss(kind);
}

function choose(code) {
  chooseLanguage(code);
  draw();
}

speakAsChosen();
watch.look();
