import assert from "node:assert/strict";
import test from "node:test";
import { Refusal } from "../../main/resources/clawster/web/api.js";
import { kindOf, PackageChanges, withPrefix } from "../../main/resources/clawster/web/package-changes.js";

/** A gateway that answers an installation with a stream of `events`, and says what it was asked for. */
function gatewayWith(...events) {
  const asked = [];
  const text = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join("");
  const answer = async (name) => {
    asked.push(name);
    return new Response(text);
  };
  return { asked, api: { install: answer, uninstall: answer } };
}

function changesOf(api) {
  const ended = [];
  return { ended, changes: new PackageChanges({ api, changed: () => {}, ended: (change) => ended.push(change.state) }) };
}

test("a section's prefix is put before a name once", () => {
  assert.equal(withPrefix("npm", " typescript "), "npm:typescript");
  assert.equal(withPrefix("npm", "npm:typescript"), "npm:typescript");
  assert.equal(withPrefix("pip", "pandas"), "pip:pandas");
  assert.equal(withPrefix("system", "g++"), "g++");
});

test("a package is of the kind that its prefix says", () => {
  assert.equal(kindOf("npm:@types/node"), "npm");
  assert.equal(kindOf("pip:pandas"), "pip");
  assert.equal(kindOf("npm-check"), "system");
});

test("what is said on the way is kept, and the end is what the gateway says it is", async () => {
  const { api, asked } = gatewayWith(
    ["progress", { node: "1", line: "added <b>1</b> package" }],
    ["node", { node: "1", state: "working" }],
    ["node", { node: "2", state: "nobody" }],
    ["node", { node: "1", state: "done" }],
    ["done", { ok: true, error: "", nodes: [{ node: "1", name: "one", state: "done" }] }],
    ["progress", { node: "1", line: "too late" }]);
  const { changes, ended } = changesOf(api);
  const made = changes.make("npm", "install", "npm:typescript");
  assert.ok(changes.busy("npm") && !changes.busy("pip"));
  await made;
  assert.deepEqual(asked, ["npm:typescript"]);
  assert.deepEqual(ended, ["done"]);
  const { state, lines, nodes } = changes.current.npm;
  assert.deepEqual({ state, lines, nodes }, {
    state: "done",
    lines: [{ node: "1", line: "added <b>1</b> package" }],
    nodes: [{ node: "1", name: "one", state: "done" }],
  });
});

test("a failure says why", async () => {
  const { api } = gatewayWith(["done", { ok: false, error: "disk full", nodes: [] }]);
  const { changes, ended } = changesOf(api);
  await changes.make("pip", "uninstall", "pip:pandas");
  assert.deepEqual(ended, ["failed"]);
  assert.equal(changes.current.pip.error, "disk full");
});

test("a stream that ends too soon is lost, and so is one that breaks", async () => {
  const { changes, ended } = changesOf(gatewayWith(["progress", { node: "1", line: "…" }]).api);
  await changes.make("npm", "install", "npm:a");
  const broken = changesOf({ install: async () => Promise.reject(new TypeError("network")) });
  await broken.changes.make("npm", "install", "npm:a");
  assert.deepEqual([...ended, ...broken.ended], ["lost", "lost"]);
});

test("what the gateway refuses is said to be refused", async () => {
  const { changes, ended } = changesOf({ install: async () => Promise.reject(new Refusal(403, null, "Permission denied")) });
  await changes.make("system", "install", "jq");
  assert.deepEqual(ended, ["refused"]);
  assert.equal(changes.current.system.notice.message, "Permission denied");
});

test("there is one change of a kind at a time, and only one that has ended is dismissed", async () => {
  const { api, asked } = gatewayWith(["done", { ok: true, error: "", nodes: [] }]);
  const { changes } = changesOf(api);
  const first = changes.make("npm", "install", "npm:a");
  await changes.make("npm", "install", "npm:b");
  changes.dismiss("npm");
  assert.equal(changes.current.npm.name, "npm:a");
  await Promise.all([first, changes.make("pip", "install", "pip:c")]);
  assert.deepEqual(asked, ["npm:a", "pip:c"]);
  changes.dismiss("npm");
  assert.equal(changes.current.npm, undefined);
});

test("of very many lines the last are kept", async () => {
  const lines = Array.from({ length: 700 }, (_, index) => ["progress", { node: "1", line: `${index}` }]);
  const { changes } = changesOf(gatewayWith(...lines).api);
  await changes.make("npm", "install", "npm:a");
  assert.equal(changes.current.npm.lines.length, 500);
  assert.equal(changes.current.npm.lines.at(-1).line, "699");
});
