// What agents have to work with: runtimes as cards, and a section for each kind of package.
import { Frame, Notice } from "./frame.js";
import { Component, Fragment, h } from "./libraries.js";
import { language, say } from "./messages.js";
import { kindOf, KINDS, withPrefix } from "./package-changes.js";

const TITLES = { system: "kindSystem", pip: "kindPip", npm: "kindNpm" };
const EXAMPLES = { system: "jq", pip: "pandas", npm: "typescript" };
const STATES = { waiting: "stepWaiting", working: "stepWorking", done: "stepDone", failed: "stepFailed", nobody: "stepNobody" };
const TELLINGS = {
  install: { working: "installing", done: "installed", failed: "installFailed", refused: "installFailed", lost: "changeLost" },
  uninstall: { working: "removing", done: "removed", failed: "removeFailed", refused: "removeFailed", lost: "changeLost" },
};

/** What is to be said of a change, on the page and by the announcer. */
export const telling = ({ deed, state, name }) => say(TELLINGS[deed][state], { name });

export function PackagesPage(props) {
  const { watch, deeds } = props;
  const refresh = h("button", { type: "button", class: "stop", "aria-busy": String(watch.looking), onClick: deeds.refresh }, say("refresh"));
  return h(Frame, { here: "/packages", name: "packages", skip: "skipToPackages", tools: refresh, deeds }, h(Body, props));
}

function Body({ watch, changes, deeds }) {
  const { known, seen, notice } = watch;
  return h(Fragment, null,
    notice && h(Notice, { notice, label: say("tryAgain"), onClick: deeds.refresh }),
    !known && !notice && h("p", { class: "faint" }, say("loading")),
    known && h("div", { class: `packages ${notice ? "stale" : ""}` },
      h(Runtimes, { runtimes: known.runtimes }),
      Object.keys(KINDS).map((kind) => h(Section, {
        key: kind, kind, packages: known.packages[kind], nodes: known.packages.nodes, change: changes.current[kind],
        busy: changes.busy(kind), deeds,
      }))),
    known && h("p", { class: "faint facts" },
      h("span", null, say(notice ? "seenLast" : "seenAt", { time: seen.toLocaleTimeString(language()) }))));
}

function Runtimes({ runtimes: { runtimes, nodes } }) {
  return h("section", { "aria-labelledby": "runtimes" },
    h("h2", { id: "runtimes" }, say("runtimes")),
    h("ul", { class: "cards" }, runtimes.map((runtime) => h(Runtime, { key: runtime.name, runtime, nodes }))));
}

function Runtime({ runtime: { name, available, version }, nodes }) {
  const having = nodes.filter(({ runtimes }) => runtimes.some((one) => one.name === name && one.available)).length;
  const somewhere = having > 0 && having < nodes.length;
  return h("li", { class: `card ${available ? "here" : "missing"}`, "data-runtime": name },
    h("strong", null, name),
    h("span", { class: "card-state" }, say(available ? "runtimeHere" : somewhere ? "runtimeSomewhere" : "runtimeMissing")),
    h("span", { class: "faint" }, available ? version ?? "" : somewhere && say("onSome", { some: having, all: nodes.length })));
}

function Section({ kind, packages, nodes, change, busy, deeds }) {
  return h("section", { class: "kind", "aria-labelledby": `kind-${kind}`, "data-kind": kind },
    h("h2", { id: `kind-${kind}` }, say(TITLES[kind])),
    h(InstallForm, { kind, busy, onInstall: deeds.install }),
    change && h(Change, { kind, change, names: nodes, deeds }),
    packages === null && h("p", { class: "faint" }, say("notListed")),
    packages?.length === 0 && h("p", { class: "faint" }, say("noPackages")),
    packages?.length > 0 && h(Table, { kind, packages, all: nodes.length, busy, deeds }),
    h(Open, { kind, nodes }));
}

class InstallForm extends Component {
  state = { typed: "" };

  submit = async (event) => {
    event.preventDefault();
    const { kind, busy, onInstall } = this.props;
    const typed = this.state.typed.trim();
    if (!typed || busy) return;
    const installed = await onInstall(kind, withPrefix(kind, typed));
    if (installed && this.state.typed.trim() === typed) this.setState({ typed: "" });
  };

  render({ kind, busy }, { typed }) {
    return h("form", { class: "install", onSubmit: this.submit },
      h("input", {
        type: "text", value: typed, maxLength: 256, autocomplete: "off", autocapitalize: "off", spellcheck: false,
        placeholder: say("packageExample", { name: EXAMPLES[kind] }),
        "aria-label": `${say("packageName")}, ${say(TITLES[kind])}`,
        onInput: (event) => this.setState({ typed: event.target.value }),
      }),
      h("button", { type: "submit", class: "send", disabled: busy || !typed.trim() }, say("install")));
  }
}

function Table({ kind, packages, all, busy, deeds }) {
  return h("div", { class: "scroller" }, h("table", { class: "nodes" },
    h("caption", { class: "unseen" }, say(TITLES[kind])),
    h("thead", null, h("tr", null,
      h("th", { scope: "col" }, say("packageName")),
      h("th", { scope: "col" }, say("packageVersion")),
      h("th", { scope: "col" }, h("span", { class: "unseen" }, say("removePackage"))))),
    h("tbody", null, packages.map(({ name, version, nodes }) => h("tr", { key: name, "data-package": name },
      h("th", { scope: "row" }, h("span", { class: "node-name" }, name),
        nodes && h("span", { class: "node-facts" }, whereIs(nodes, all))),
      h("td", null, version || "–"),
      h("td", { class: "deed" }, h("button", {
        type: "button", class: "stop", disabled: busy, "aria-label": `${say("removePackage")} ${name}`,
        onClick: () => deeds.remove(kind, KINDS[kind] + name),
      }, say("removePackage"))))))));
}

const whereIs = (nodes, all) =>
  `${say("onSome", { some: nodes.length, all })} · ${nodes.map(({ name, version }) => `${name} ${version}`.trim()).join(", ")}`;

/** What nodes have not come to the end with. */
function Open({ kind, nodes }) {
  const open = nodes.flatMap(({ node, name, statuses }) => statuses
    .filter((status) => kindOf(status.package) === kind && !["done", "nobody"].includes(status.state))
    .map((status) => ({ key: `${node} ${status.package}`, where: name, ...status })));
  return open.length > 0 && h(Fragment, null,
    h("h3", null, say("stillOpen")),
    h("ul", { class: "steps" }, open.map(({ key, where, ...step }) =>
      h("li", { key }, h("strong", null, step.package), h(Step, { where, step })))));
}

function Step({ where, step: { state, code, error } }) {
  return h("span", { class: `step ${state}` },
    `${where}: ${say(STATES[state])}${code ? ` (${code})` : ""}`, error && h("span", { class: "step-error" }, error));
}

function Change({ kind, change, names, deeds }) {
  const { state, lines, nodes, error, notice } = change;
  const nameOf = (id) => names.find(({ node }) => node === id)?.name ?? id;
  const wrong = state !== "working" && state !== "done";
  const reason = error || notice?.message;
  return h("div", { class: `change ${wrong ? "wrong" : state}`, role: "group", tabIndex: -1, "aria-label": telling(change) },
    h("p", { class: "change-title", role: wrong ? "alert" : undefined },
      state === "working" && h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), telling(change)),
    reason && !nodes.some((step) => step.error === reason) && h("p", { class: "change-error" }, reason),
    nodes.length > 0 && h("ul", { class: "steps" }, nodes.map((step) =>
      h("li", { key: step.node }, h(Step, { where: step.name ?? nameOf(step.node), step })))),
    lines.length > 0 && h(Lines, { lines, nameOf }),
    state !== "working" && h("div", { class: "notice-row" },
      h("button", { type: "button", class: "stop", onClick: () => deeds.dismiss(kind) }, say("dismiss"))));
}

/** What managers print, by node where there are several; it stays at its end unless somebody has scrolled away from that. */
class Lines extends Component {
  atEnd = true;

  componentDidUpdate() {
    if (this.atEnd) this.base.scrollTop = this.base.scrollHeight;
  }

  render({ lines, nameOf }) {
    const several = new Set(lines.map(({ node }) => node)).size > 1;
    return h("pre", {
      class: "lines", tabIndex: 0, role: "region", "aria-label": say("progress"),
      onScroll: ({ target }) => (this.atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 8),
    }, lines.map(({ node, line }) => `${several ? `${nameOf(node)}: ` : ""}${line}`).join("\n"));
  }
}
