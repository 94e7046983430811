// The chat page's story, told by a real browser against a running gateway:
//
//   node chat-page.story.mjs http://localhost:18790 [slow question]
//
// browser.mjs says what it needs, and which variables count. The slow question must take the model a few seconds, so
// that there is something to stop.
import assert from "node:assert/strict";
import { tellStory } from "./browser.mjs";

const base = process.argv[2] ?? "http://localhost:18790";
const slow = process.argv[3] ?? "Tell me a long, slow story about a lobster that runs a lighthouse.";
const QUESTION = "Hello from the story";

await tellStory("story", base, async (page, tell) => {
  const answer = page.locator(".answer").last();
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await page.getByRole("heading", { name: "What shall we work on?" }).waitFor();
  await page.locator(".model").waitFor();
  await tell("the page opens, and says which model answers");

  await page.waitForFunction(() => document.activeElement.id === "message");
  await page.keyboard.type("Two lines:");
  await page.keyboard.press("Shift+Enter");
  assert.equal(await page.locator("#message").inputValue(), "Two lines:\n");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(QUESTION);
  await page.keyboard.press("Enter");
  await page.locator(".question", { hasText: QUESTION }).waitFor();
  await answer.locator(".prose").waitFor();
  await page.getByRole("button", { name: "Send", exact: true }).waitFor();
  const whole = (await answer.locator(".prose").innerText()).trim();
  assert.ok(whole.length > 0);
  await page.waitForFunction(() => document.getElementById("announcer").textContent.length > 0);
  await tell("Enter sends, and the answer streams in and is announced");

  await page.locator(".session[aria-current]", { hasText: QUESTION }).waitFor();
  await tell("the chat is listed under its first question");

  await page.keyboard.type(slow);
  await page.keyboard.press("Enter");
  await stop.waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".answer").length === 2
    && [...document.querySelectorAll(".answer")].at(-1).querySelector(".prose")?.innerText.length > 0);
  await page.keyboard.press("Escape");
  await page.getByText("You stopped this answer.").waitFor();
  const stoppedAt = await answer.locator(".prose").innerText();
  await page.waitForTimeout(1000);
  assert.equal(await answer.locator(".prose").innerText(), stoppedAt);
  assert.equal(await page.locator(".answer").count(), 2);
  await tell("Esc stops an answer, and it stays stopped");

  await page.reload();
  await page.locator(".question", { hasText: QUESTION }).waitFor();
  assert.equal((await page.locator(".answer .prose").first().innerText()).trim(), whole);
  await tell("after a reload the history is there");

  const keys = [];
  await page.route("**/v1/chat/completions", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.continue();
    await route.fetch(); // answered, and nobody heard it
    return route.abort();
  });
  await page.locator("#message").fill("Say it once");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Send again" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".answer").length === 3);
  await page.getByRole("button", { name: "Send", exact: true }).waitFor();
  await page.unroute("**/v1/chat/completions");
  assert.ok(keys[0]);
  assert.deepEqual(keys, [keys[0], keys[0]]);
  await page.reload();
  await page.locator(".question", { hasText: "Say it once" }).waitFor();
  assert.equal(await page.locator(".question", { hasText: "Say it once" }).count(), 1);
  await tell("a question that is sent again is asked once");

  await page.keyboard.press("Control+k");
  await page.getByRole("heading", { name: "What shall we work on?" }).waitFor();
  await page.locator(".session").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.locator(".question", { hasText: QUESTION }).waitFor();
  await tell("Ctrl+K begins a new chat, and the list works by arrow keys");

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "What shall we work on?" }).waitFor();
  await tell("a chat is deleted once that is confirmed");
});
