// The nodes as a table, with the database below it, and sessions that nobody can read.
import { Frame, Notice } from "./frame.js";
import { Fragment, h } from "./libraries.js";
import { language, say, when } from "./messages.js";

/** What the cluster calls a member's status, in our sentences. */
const STATES = {
  joining: "stateJoining",
  weaklyup: "stateJoining",
  up: "stateUp",
  leaving: "stateLeaving",
  exiting: "stateLeaving",
  down: "stateDown",
  removed: "stateDown",
};

const COLUMNS = ["nodeName", "nodeState", "nodeShards", "nodeSessions", "nodeRuns", "nodeHeap", "nodeStarted"];

export function ClusterPage(props) {
  return h(Frame, { here: "/cluster", name: "cluster", skip: "skipToNodes", deeds: props.deeds }, h(Body, props));
}

function Body({ cluster, seen, notice, refused, deeds }) {
  return h(Fragment, null,
    refused && h(Notice, { notice: refused, label: say("dismiss"), onClick: deeds.dismiss }),
    notice && h(Notice, { notice, label: say("tryAgain"), onClick: deeds.retry }),
    !cluster && !notice && h("p", { class: "faint" }, say("loading")),
    cluster && h("div", { class: `scroller ${notice ? "stale" : ""}` }, h(Nodes, { members: cluster.members, deeds })),
    cluster?.unreadableCount > 0 && h(Unreadable, { count: cluster.unreadableCount, sessions: cluster.unreadable, stale: notice }),
    cluster && h("p", { class: "faint facts" },
      h("span", { class: cluster.database.status === "ok" ? "" : "bad" }, database(cluster.database)),
      h("span", null, say(notice ? "seenLast" : "seenAt", { time: seen.toLocaleTimeString(language()) }))));
}

function Nodes({ members, deeds }) {
  return h("table", { class: "nodes" },
    h("caption", { class: "unseen" }, say("nodes")),
    h("thead", null, h("tr", null,
      COLUMNS.map((column) => h("th", { key: column, scope: "col" }, say(column))),
      h("th", { scope: "col" }, h("span", { class: "unseen" }, say("drain"))))),
    h("tbody", null, members.map((member) => h(Node, { key: member.address, member, deeds }))));
}

function Node({ member, deeds }) {
  const { id, name, url, address, reachable, leader, roles } = member;
  return h("tr", { class: reachable ? "" : "unreachable", "data-node": name ?? id },
    h("th", { scope: "row" },
      h("span", { class: "node-name" }, name ?? id, leader && h("span", { class: "chip" }, say("leader"))),
      h("span", { class: "node-facts" }, `${say("nodeId")} ${name ? id : "–"} · `,
        url ? h("a", { href: url }, url) : address,
        roles?.length > 0 && h("span", { class: "roles" }, ` · ${say("roles", { roles: roles.join(", ") })}`))),
    h("td", null, h("span", { class: `state ${stateOf(member)}` }, say(stateOf(member)))),
    h("td", { class: "number" }, number(member.shards)),
    h("td", { class: "number" }, number(member.sessions)),
    h("td", { class: "number" }, number(member.runs)),
    h("td", { class: "number" }, heap(member)),
    h("td", null, when(member.startedAt)),
    h("td", null, h("button", {
      type: "button",
      class: "stop",
      disabled: !reachable || member.draining || member.status !== "up",
      onClick: () => deeds.drain(member),
      "aria-label": `${say("drain")} ${name ?? id}`,
    }, say("drain"))));
}

function stateOf({ status, reachable, draining, name }) {
  if (!reachable) return "stateUnreachable";
  if (draining) return "stateDraining";
  if (status === "up" && !name) return "stateSilent";
  return STATES[status] ?? "stateJoining";
}

const number = (value) => (value === undefined ? "–" : value.toLocaleString(language()));

function heap({ heapBytes, maxHeapBytes }) {
  if (heapBytes === undefined) return "–";
  const mebibytes = (bytes) => Math.round(bytes / 1048576).toLocaleString(language());
  return `${mebibytes(heapBytes)} / ${mebibytes(maxHeapBytes)} MiB`;
}

const database = ({ status, latencyMs }) =>
  status === "ok"
    ? say("databaseOk", { latency: latencyMs.toLocaleString(language(), { maximumFractionDigits: 1 }) })
    : say("databaseAway");

/** Of many the oldest: whoever mends the first sees the next. */
function Unreadable({ count, sessions, stale }) {
  return h("section", { class: `unreadable ${stale ? "stale" : ""}`, "aria-labelledby": "unreadable" },
    h("h2", { id: "unreadable" }, say("unreadableSessions", { count: number(count) })),
    h("ul", null, sessions.map(({ id, key, reason, since }) => h("li", { key: id },
      h("span", { class: "unreadable-key" }, key ?? id),
      h("span", { class: "faint" }, say("unreadableSince", { time: when(since) })),
      h("span", { class: "unreadable-reason" }, reason)))),
    sessions.length < count && h("p", { class: "faint" }, say("unreadableMore", { count: number(count - sessions.length) })));
}
