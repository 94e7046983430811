import assert from "node:assert/strict";
import test from "node:test";
import { gateway } from "../../main/resources/clawster/web/api.js";
import { Conversation } from "../../main/resources/clawster/web/conversation.js";

const DONE = "data: [DONE]\n\n";
const chunk = (delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
const told = (...pieces) => () => new Response(pieces.join(""), { headers: { "Content-Type": "text/event-stream" } });
const refused = (status) => () => Response.json({ error: { message: "no", code: "no" } }, { status });
const away = () => {
  throw new TypeError("fetch failed");
};

/** A page at a gateway that answers questions like this, one after the other, and has nothing else to tell. */
function pageWhere(answers, { events = refused(404), session } = {}) {
  const keys = [];
  globalThis.sessionStorage = { getItem: () => null };
  globalThis.fetch = async (path, { method, headers }) => {
    if (path.endsWith("/events")) return events();
    if (method !== "POST") return session ? Response.json(session) : refused(404)();
    keys.push(headers["Idempotency-Key"]);
    return answers[keys.length - 1]();
  };
  const nothing = () => {};
  const conversation = new Conversation({
    api: gateway({ askToken: async () => null }), key: "k", stored: Boolean(session), changed: nothing, founded: nothing, ended: nothing,
  });
  return { conversation, keys };
}

const KEY = /^web-[0-9a-f]{32}$/;

const until = async (holds) => {
  for (const end = performance.now() + 10_000; !holds(); await new Promise((resume) => setTimeout(resume, 20))) {
    assert.ok(performance.now() < end, `${holds}`);
  }
};

test("every question has a key of its own", async () => {
  const { conversation, keys } = pageWhere([told(chunk({ content: "a" }), DONE), told(chunk({ content: "b" }), DONE)]);
  await conversation.send("?");
  await conversation.send("?");
  assert.match(keys[0], KEY);
  assert.notEqual(keys[0], keys[1]);
});

for (const [name, answer] of [["a gateway that is away", away], ["a gateway in trouble", refused(503)]]) {
  test(`what ${name} was asked is asked again under the same key`, async () => {
    const { conversation, keys } = pageWhere([answer, answer, told(chunk({ content: "a" }), DONE)]);
    await conversation.send("?");
    await conversation.sendAgain();
    await conversation.sendAgain();
    assert.match(keys[0], KEY);
    assert.deepEqual(keys, [keys[0], keys[0], keys[0]]);
    assert.deepEqual(conversation.turns.map(({ role }) => role), ["user", "assistant"]);
    assert.equal(conversation.notice, null);
  });
}

test("what was lost on its way is asked again under the same key", async () => {
  const { conversation, keys } = pageWhere([told(chunk({ content: "ha" })), told(chunk({ content: "half" }), DONE)]);
  await conversation.send("?");
  await until(() => conversation.notice);
  assert.equal(conversation.notice.kind, "lost");
  await conversation.sendAgain();
  assert.match(keys[0], KEY);
  assert.equal(keys[1], keys[0]);
  assert.equal(conversation.turns.at(-1).parts[0].text, "half");
});

test("a key that stands for a failure, or for nothing, is not used again", async () => {
  const failure = told(`data: ${JSON.stringify({ error: { message: "no", code: "overloaded" } })}\n\n`);
  const { conversation, keys } = pageWhere([failure, refused(410), told(chunk({ content: "a" }), DONE)]);
  await conversation.send("?");
  assert.equal(conversation.notice.kind, "failed");
  await conversation.sendAgain();
  assert.equal(conversation.notice.kind, "refused");
  await conversation.sendAgain();
  assert.equal(new Set(keys).size, 3);
});

test("what somebody else asked is not offered to be asked again", async () => {
  const run = told('event: run.accepted\ndata: {}\n\nevent: text\ndata: {"text":"ha"}\n\n');
  const heard = [run, refused(404)];
  const session = { messages: [{ role: "user", content: "Theirs" }] };
  const { conversation } = pageWhere([], { session, events: () => heard.shift()() });
  await conversation.open();
  await until(() => conversation.notice);
  assert.deepEqual(conversation.notice, { kind: "lost" });
});
