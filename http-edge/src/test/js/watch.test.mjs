import assert from "node:assert/strict";
import test from "node:test";
import { Refusal } from "../../main/resources/clawster/web/api.js";
import { Watch } from "../../main/resources/clawster/web/watch.js";

const watching = (...answers) =>
  new Watch({ ask: async () => (await answers.shift())(), changed: () => {} });

const fails = (error) => () => {
  throw error;
};

test("what is seen is known, and since when", async () => {
  const watch = watching(() => "a");
  await watch.look();
  assert.equal(watch.known, "a");
  assert.ok(watch.seen instanceof Date);
  assert.equal(watch.notice, null);
});

test("what was seen last stays while nothing is seen, with the reason beside it", async () => {
  const watch = watching(() => "a", fails(new TypeError("away")), () => "b");
  await watch.look();
  const { seen } = watch;
  await watch.look();
  assert.deepEqual([watch.known, watch.seen, watch.notice], ["a", seen, { kind: "unreachable" }]);
  await watch.look();
  assert.deepEqual([watch.known, watch.notice], ["b", null]);
});

test("who gave no token is asked by nobody but themselves", async () => {
  const watch = watching(fails(new Refusal(401, null, "A token is required.")));
  await watch.look();
  assert.deepEqual(watch.notice, { kind: "refused", message: "A token is required.", final: true });
});

test("who looks while somebody looks already is shown what was there then, not before", async () => {
  const answers = [];
  const watch = new Watch({ ask: () => new Promise((resolve) => answers.push(resolve)), changed: () => {} });
  const first = watch.look();
  await watch.look();
  await watch.look();
  assert.deepEqual([answers.length, watch.looking], [1, true]);
  answers[0]("before");
  while (answers.length < 2) await null;
  answers[1]("after");
  await first;
  assert.deepEqual([answers.length, watch.known, watch.looking], [2, "after", false]);
});

test("who declined to give a token is not asked once more", async () => {
  let asked = 0;
  const refusing = async () => {
    asked++;
    throw new Refusal(401, null, "A token is required.");
  };
  const watch = new Watch({ ask: refusing, changed: () => {} });
  await Promise.all([watch.look(), watch.look()]);
  assert.equal(asked, 1);
});
