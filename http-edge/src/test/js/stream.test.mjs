import assert from "node:assert/strict";
import test from "node:test";
import { eventParser, eventsOf } from "../../main/resources/clawster/web/stream.js";

const parse = (...chunks) => {
  const parser = eventParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

test("an event has a name, an id and data", () => {
  assert.deepEqual(parse('id: run1-7\nevent: text\ndata: {"text":"hi"}\n\n'),
    [{ id: "run1-7", name: "text", data: '{"text":"hi"}' }]);
});

test("comments and unknown fields vanish", () => {
  assert.deepEqual(parse(": keep-alive\n\nretry: 5\nwhatever\ndata: a\n\n"), [{ id: null, name: "message", data: "a" }]);
});

test("several data lines are one text", () => {
  assert.equal(parse("data: a\ndata:\ndata:  b\n\n")[0].data, "a\n\n b");
});

test("an unfinished event is not an event", () => {
  assert.deepEqual(parse("data: a\n"), []);
});

test("the id lasts until another is given, the name does not", () => {
  assert.deepEqual(parse("id: 1\nevent: x\ndata: a\n\ndata: b\n\n").map(({ id, name }) => [id, name]),
    [["1", "x"], ["1", "message"]]);
});

test("a byte order mark is not part of the first field", () => {
  assert.equal(parse("\uFEFFdata: a\n\n")[0].data, "a");
});

test("every way of cutting a stream gives the same events, whatever ends its lines", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = ["id: r-1", "event: text", "data: a", "data: b", "", ": hush", "data: [DONE]", "", ""].join(end) + "data: x\n";
    const whole = parse(text);
    assert.equal(whole.length, 2, JSON.stringify(end));
    for (let cut = 1; cut < text.length; cut++) {
      assert.deepEqual(parse(text.slice(0, cut), text.slice(cut)), whole);
    }
    assert.deepEqual(parse(...text), whole);
  }
});

test("letters cut in the middle of their bytes arrive whole", async () => {
  const bytes = new TextEncoder().encode("data: Xin chào 你好 🦞\n\n");
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const seen = [];
  for await (const event of eventsOf({ body })) seen.push(event.data);
  assert.deepEqual(seen, ["Xin chào 你好 🦞"]);
});

test("leaving the loop closes the connection", async () => {
  let closed = false;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: a\n\n")),
    cancel: () => (closed = true),
  });
  for await (const _ of eventsOf({ body })) break;
  assert.ok(closed);
});
