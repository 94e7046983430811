// Packages that are being installed or removed: what is said of each while that lasts, and how it ends. One at a time of
// each kind, since a node does no more. Knows no screen.
import { noticeOf } from "./api.js";
import { eventsOf } from "./stream.js";

/** In the order in which they are shown; what the gateway wants before a name of each. */
export const KINDS = { system: "", pip: "pip:", npm: "npm:" };

/** As the gateway wants it, whether or not whoever typed it knew of the prefix. */
export const withPrefix = (kind, typed) => {
  const name = typed.trim();
  return name.startsWith(KINDS[kind]) ? name : KINDS[kind] + name;
};

export const kindOf = (name) => Object.keys(KINDS).find((kind) => KINDS[kind] && name.startsWith(KINDS[kind])) ?? "system";

/** Of what managers say only the end is kept, and shown. */
const MOST_LINES = 500;

export class PackageChanges {
  #api;
  #changed;
  #ended;
  /** By kind: {deed, name, state, lines, nodes, error, notice}; the last one, until it is dismissed. */
  current = {};

  /** `changed()` whenever there is something to show, `ended(change)` once at its end. */
  constructor({ api, changed, ended }) {
    this.#api = api;
    this.#changed = changed;
    this.#ended = ended;
  }

  busy = (kind) => this.current[kind]?.state === "working";

  dismiss(kind) {
    if (!this.busy(kind)) delete this.current[kind];
    this.#changed();
  }

  /** `deed` is "install" or "uninstall"; `name` as the gateway wants it. */
  async make(kind, deed, name) {
    if (this.busy(kind)) return;
    const change = { deed, name, state: "working", lines: [], nodes: [], error: "", notice: null };
    this.current[kind] = change;
    this.#changed();
    try {
      for await (const event of eventsOf(await this.#api[deed](name))) {
        this.#hear(change, event);
        if (change.state !== "working") break;
      }
      if (change.state === "working") change.state = "lost";
    } catch (error) {
      const notice = noticeOf(error);
      // What was begun goes on, whoever hears of it; what was refused never began.
      change.state = notice.kind === "refused" ? "refused" : "lost";
      change.notice = notice;
    }
    this.#changed();
    this.#ended(change);
  }

  #hear(change, { name, data }) {
    const said = JSON.parse(data);
    if (name === "progress") change.lines = [...change.lines, said].slice(-MOST_LINES);
    if (name === "node") change.nodes = [...change.nodes.filter(({ node }) => node !== said.node), said];
    if (name === "done") Object.assign(change, { state: said.ok ? "done" : "failed", error: said.error, nodes: said.nodes });
    this.#changed();
  }
}
