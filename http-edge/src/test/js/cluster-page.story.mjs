// The cluster page's story, told by a real browser against a running cluster of at least two nodes:
//
//   node cluster-page.story.mjs http://localhost:18790 [name of the node to drain, another than the one asked]
//
// browser.mjs says what it needs, and which variables count. Without a name no node is drained. A drained node is expected to
// come back, as under `clawster up --nodes`.
import assert from "node:assert/strict";
import { tellStory } from "./browser.mjs";

const base = process.argv[2] ?? "http://localhost:18790";
const victim = process.argv[3];

await tellStory("cluster", base, async (page, tell) => {
  const rows = page.locator(".nodes tbody tr");
  await page.getByRole("link", { name: "Cluster" }).click();
  await rows.first().waitFor();
  assert.ok((await rows.count()) >= 2, "there are nodes");
  await page.getByText(/The database answers in [\d.,]+ ms/).waitFor();
  assert.equal(await page.locator(".stateUp").count(), await rows.count());
  await tell("the chat page leads to the cluster page, which lists the nodes");

  const cluster = page.waitForResponse((response) => response.url().endsWith("/v1/cluster"));
  const { roles } = (await (await cluster).json()).members[0];
  assert.ok(roles.length > 0);
  await rows.first().locator(".roles").getByText(`Roles: ${roles.join(", ")}`).waitFor();
  assert.equal(await page.locator(".unreadable").count(), 0);
  await tell("a node says what its roles are, and no session is said to be unreadable");

  const first = await page.locator(".facts span").last().innerText();
  await page.waitForFunction((before) => document.querySelector(".facts span:last-child").innerText !== before, first);
  await tell("it looks again by itself");

  for (const [code, heading] of [["vi", "Cụm máy"], ["zh", "集群"], ["en", "Cluster"]]) {
    await page.locator(".language select").selectOption(code);
    await page.getByRole("heading", { name: heading }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), code);
  }
  await tell("it speaks three languages");

  await page.emulateMedia({ colorScheme: "dark" });
  await tell("it is dark where that is wished for");
  await page.emulateMedia({ colorScheme: "light" });

  await page.locator("body").press("Tab");
  const drain = page.getByRole("button", { name: /^Drain/ }).first();
  await drain.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForTimeout(2500);
  assert.equal(await page.locator(".stateDraining").count(), 0);
  assert.ok(await drain.evaluate((button) => button === document.activeElement), "the focus stays where it was");
  await tell("who waves the question away drains nothing, and keeps the focus");

  await page.route("**/v1/cluster", (route) => route.abort());
  await page.getByRole("alert").getByText("cannot be reached").waitFor();
  await page.getByText(/Last seen at/).waitFor();
  await tell("a gateway that is away is said to be, over what was seen last");
  await page.unroute("**/v1/cluster");
  await page.getByRole("alert").waitFor({ state: "detached" });

  await page.route("**/v1/cluster", async (route) => {
    const response = await route.fetch();
    const cluster = await response.json();
    Object.assign(cluster.members[0], { reachable: false });
    delete cluster.members[1].name;
    cluster.database = { status: "unreachable" };
    await route.fulfill({ response, json: cluster });
  });
  await page.locator("tr.unreachable .state").getByText("unreachable").waitFor();
  assert.ok(await page.locator("tr.unreachable button").isDisabled());
  await page.getByText("silent").waitFor();
  await page.getByText("The database cannot be reached.").waitFor();
  await tell("nodes that are unreachable or silent are marked, and a database that is away is said to be");
  await page.unroute("**/v1/cluster");
  await page.locator("tr.unreachable").waitFor({ state: "detached" });

  await page.route("**/v1/cluster", async (route) => {
    const response = await route.fetch();
    const since = "2026-03-01T10:00:00Z";
    const unreadable = [
      { id: "7f1", key: "agent:default:<b>bold</b>", reason: "event 3 is <img src=x onerror=alert(1)> no JSON", since },
      { id: "0c2", reason: "event 1 has an unknown name", since },
    ];
    await route.fulfill({ response, json: { ...(await response.json()), unreadableCount: 3, unreadable } });
  });
  const unreadable = page.locator(".unreadable");
  await unreadable.getByRole("heading", { name: "Sessions that cannot be read: 3" }).waitFor();
  assert.deepEqual(await unreadable.locator(".unreadable-key").allInnerTexts(), ["agent:default:<b>bold</b>", "0c2"]);
  await unreadable.getByText("event 3 is <img src=x onerror=alert(1)> no JSON").waitFor();
  assert.equal(await unreadable.getByText("since 3/1/26").count(), 2);
  await unreadable.getByText("And 1 more.").waitFor();
  assert.equal(await unreadable.locator("img, b").count(), 0);
  await tell("sessions that cannot be read are listed with the reason, as plain text");
  await page.unroute("**/v1/cluster");
  await unreadable.waitFor({ state: "detached" });

  await page.route("**/drain", (route) => route.fulfill({
    status: 409, contentType: "application/json", body: JSON.stringify({ error: "That is the only node." }),
  }));
  await drain.click();
  await page.getByRole("dialog").getByRole("button", { name: "Drain" }).click();
  await page.getByRole("alert").getByText("The gateway refused: That is the only node.").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.unroute("**/drain");
  await tell("a refusal is shown until it is dismissed");

  if (victim) {
    const row = page.locator(`tr[data-node="${victim}"]`);
    const facts = await row.locator(".node-facts").innerText();
    await row.getByRole("button").click();
    await page.getByRole("dialog").getByRole("button", { name: "Drain" }).click();
    await page.waitForFunction(([name, before]) =>
      document.querySelector(`tr[data-node="${name}"] .node-facts`)?.innerText !== before, [victim, facts]);
    await tell("a node that is drained goes");
  }

  await page.getByRole("link", { name: "Chats" }).click();
  await page.getByRole("heading", { name: "What shall we work on?" }).waitFor();
  await tell("and there is a way back");
});
