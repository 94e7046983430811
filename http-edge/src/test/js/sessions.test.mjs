import assert from "node:assert/strict";
import test from "node:test";
import { Sessions } from "../../main/resources/clawster/web/sessions.js";

/** Lists `total` sessions as the gateway does, at most 200 in one answer. */
function gatewayWith(total) {
  const asked = [];
  const sessions = async (limit, offset) => {
    assert.ok(limit >= 1 && limit <= 200, `limit ${limit}`);
    asked.push([limit, offset]);
    const keys = Array.from({ length: total }, (_, index) => index).slice(offset, offset + limit);
    return { sessions: keys.map((key) => ({ key: `s${key}`, updated: 1000 - key })), total };
  };
  return { asked, api: { sessions } };
}

test("older chats are shown to the last of them", async () => {
  const { api, asked } = gatewayWith(430);
  const sessions = new Sessions({ api, changed: () => {} });
  await sessions.load();
  assert.equal(sessions.list.length, 50);
  for (let pages = 1; sessions.hasMore; pages++) {
    assert.ok(pages < 20);
    await sessions.more();
    assert.equal(sessions.state, "ready");
  }
  assert.equal(sessions.list.length, 430);
  assert.deepEqual(asked.slice(-3), [[200, 0], [200, 200], [50, 400]]);
});

test("where there are no more none are offered", async () => {
  const sessions = new Sessions({ api: gatewayWith(50).api, changed: () => {} });
  await sessions.load();
  assert.ok(!sessions.hasMore);
});
