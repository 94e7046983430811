import assert from "node:assert/strict";
import test from "node:test";
import { answered, emptyAnswer, failed, fromChunk, fromEvent, grow, plainText, turnsOf }
  from "../../main/resources/clawster/web/answer.js";
import { answeringModel } from "../../main/resources/clawster/web/models.js";

const grown = (growths) => growths.reduce(grow, emptyAnswer());
const chunk = (delta, finish_reason = null) => fromChunk({ choices: [{ index: 0, delta, finish_reason }] });

test("chunks of text become one text", () => {
  const answer = grown([chunk({ role: "assistant" }), chunk({ content: "Hel" }), chunk({ content: "lo" }), chunk({}, "stop")].flat());
  assert.deepEqual(answer.parts, [{ kind: "text", text: "Hello" }]);
  assert.equal(answer.end.how, "done");
});

test("fragments of a tool call become one card", () => {
  const answer = grown([
    chunk({ tool_calls: [{ index: 0, id: "c1", function: { name: "clock", arguments: "" } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"zone":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"UTC"}' } }] }),
    chunk({ tool_calls: [{ index: 0, id: "c2", function: { name: "clock", arguments: "{}" } }] }),
  ].flat());
  assert.deepEqual(answer.parts.map(({ id, name, input }) => [id, name, input]),
    [["c1", "clock", '{"zone":"UTC"}'], ["c2", "clock", "{}"]]);
});

test("an error in the stream ends the answer", () => {
  assert.deepEqual(fromChunk({ error: { message: "no", code: "overloaded" } }),
    [{ type: "end", how: "failed", code: "overloaded", message: "no" }]);
});

test("events, chunks and history tell the same answer", () => {
  const live = grown([
    fromEvent("reasoning", { text: "hm" }),
    fromEvent("tool.call", { id: "c1", name: "clock", arguments: { zone: "UTC" } }),
    fromEvent("tool.result", { id: "c1", content: "12:00", outcome: "ok" }),
    fromEvent("text", { text: "Noon." }),
    fromEvent("run.done", { finishReason: "stop" }),
  ].flat());
  const [question, stored] = turnsOf([
    { role: "user", content: "When?" },
    { role: "assistant", content: "", thinking: "hm", tool_calls: [{ id: "c1", name: "clock", arguments: { zone: "UTC" } }] },
    { role: "tool", tool_call_id: "c1", content: "12:00" },
    { role: "assistant", content: "Noon." },
  ]);
  assert.equal(question.text, "When?");
  assert.deepEqual(stored.parts.map(({ kind, id, output }) => [kind, id, output]),
    live.parts.map(({ kind, id, output }) => [kind, id, output]));
  assert.equal(plainText(stored).trim(), plainText(live));
});

test("a result without its call still shows", () => {
  assert.equal(grown(fromEvent("tool.result", { id: "x", content: "out", outcome: "error" })).parts[0].outcome, "error");
});

test("a stored answer looks as marked after a reload too", () => {
  const stored = (mark) => turnsOf([{ role: "user", content: "?" }, { role: "assistant", content: "half", mark }])[1];
  assert.equal(stored("aborted").end.how, "stopped");
  assert.equal(stored("incomplete").end.how, "brokeOff");
  assert.deepEqual([stored("recovered").recovered, stored("recovered").end.how], [true, "done"]);
  assert.deepEqual([stored(undefined).recovered, stored(undefined).end.how], [false, "done"]);
});

test("a settled tool has not failed", () => {
  for (const outcome of [null, undefined, "ok", "settled"]) assert.ok(!failed({ outcome }), outcome);
  for (const outcome of ["error", "unknown", "cancelled"]) assert.ok(failed({ outcome }), outcome);
});

test("unknown events change nothing", () => {
  assert.deepEqual(fromEvent("run.daydreamed", {}), []);
});

test("a history that ends in a question or a tool is not answered", () => {
  assert.ok(answered([{ role: "user" }, { role: "assistant", content: "a" }]));
  assert.ok(!answered([{ role: "user" }]));
  assert.ok(!answered([{ role: "assistant", tool_calls: [{ id: "1" }] }]));
  assert.ok(!answered(undefined));
});

test("the model that answers is the one behind the gateway's name, and a demo says so", () => {
  assert.deepEqual(answeringModel({ data: [{ id: "openclaw" }, { id: "clawster/demo" }] }), { id: "clawster/demo", demo: true });
  assert.deepEqual(answeringModel({ data: [{ id: "openclaw/default" }, { id: "gpt-5" }] }), { id: "gpt-5", demo: false });
  assert.deepEqual(answeringModel({ data: [{ id: "openclaw", owned_by: "demo" }] }), { id: "openclaw", demo: true });
  assert.equal(answeringModel({ data: [{ id: "democracy-7b" }] }).demo, false);
  assert.equal(answeringModel({ data: [] }), null);
});
