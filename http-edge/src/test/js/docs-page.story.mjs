// The API page's story, told by a real browser against a running gateway without a token:
//
//   node docs-page.story.mjs http://localhost:18790
//
// browser.mjs says what it needs, and which variables count.
import assert from "node:assert/strict";
import { tellStory } from "./browser.mjs";

const base = process.argv[2] ?? "http://localhost:18790";

await tellStory("docs", base, async (page, tell) => {
  const elsewhere = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
  });

  await page.goto(`${base}/docs/`);
  assert.equal(page.url(), `${base}/docs`);
  await page.getByRole("heading", { name: /Clawster/ }).waitFor();
  await page.locator("#operations-Chat-postV1ChatCompletions").waitFor();
  await tell("the page shows what there is to ask");

  const models = page.locator("#operations-Models-getV1Models");
  await models.locator(".opblock-summary-control").click();
  await models.getByText("Agents, under all names").waitFor();
  await models.getByRole("button", { name: "Try it out" }).click();
  await models.getByRole("button", { name: "Execute" }).click();
  await models.locator(".live-responses-table").getByText("openclaw/default").waitFor();
  await tell("what is tried there is answered here");

  await page.goto(`${base}/docs?url=https://evil.example/openapi.json&configUrl=https://evil.example/config.json`);
  await page.locator("#operations-Chat-postV1ChatCompletions").waitFor();
  assert.deepEqual(elsewhere, []);
  await tell("nobody else is asked, whatever the address says");
});
