// The pairing page's story, told by a real browser against a running gateway that has a token, in CLAWSTER_TOKEN:
//
//   CLAWSTER_TOKEN=… node pairing-page.story.mjs http://localhost:18790
//
// browser.mjs says what else it needs. Two devices ask to be let in, from where the story is told; one is denied, the other let
// in and revoked again.
import assert from "node:assert/strict";
import { tellStory } from "./browser.mjs";

const base = process.argv[2] ?? "http://localhost:18790";

const asks = async () => (await fetch(`${base}/v1/pairing/requests`, { method: "POST" })).json();
const status = async ({ sender_id: sender }) =>
  (await (await fetch(`${base}/v1/pairing/status`, { headers: { "X-GoClaw-Sender-Id": sender } })).json()).status;

await tellStory("pairing", base, async (page, tell) => {
  const agree = (name) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
  const gone = (code) => page.locator(`[data-code="${code}"]`).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Pairing" }).click();
  await page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
  await tell("the chat page leads to the pairing page");

  const first = await asks();
  const second = await asks();
  for (const { code, sender_id: sender } of [first, second]) {
    const row = page.locator(`[data-code="${code}"]`);
    await row.getByText(code, { exact: true }).waitFor();
    assert.ok(!(await row.innerText()).includes(sender), "the secret is not shown");
  }
  await tell("who asks is listed by itself, with its code");

  await page.getByRole("button", { name: `Approve ${first.code}` }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText(`Let in the browser that shows ${first.code}?`).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await status(first), "pending");
  await tell("who waves the question away lets nobody in");

  await page.keyboard.press("Enter");
  await agree("Approve");
  const shown = first.sender_id.slice(0, -33);
  const device = page.locator(`[data-device="${shown}"]`);
  await device.waitFor();
  await gone(first.code);
  assert.equal(await status(first), "approved");
  await tell("who is approved is let in");

  await page.getByRole("button", { name: `Deny ${second.code}` }).click();
  await agree("Deny");
  await gone(second.code);
  assert.equal(await status(second), "expired");
  await tell("who is denied is not");

  const third = await asks();
  const late = page.getByRole("button", { name: `Approve ${third.code}` });
  await late.click();
  await fetch(`${base}/v1/pairing/deny`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${process.env.CLAWSTER_TOKEN}` },
    body: JSON.stringify({ code: third.code }),
  });
  await agree("Approve");
  await page.getByRole("alert").getByText("There is no such pairing code").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await tell("who comes too late with an answer is told so");

  await device.getByRole("button", { name: `Revoke ${shown}` }).click();
  await tell("revoking asks first");
  await agree("Revoke");
  await device.waitFor({ state: "detached" });
  assert.equal(await status(first), "expired");
  await tell("who is revoked is out");

  for (const [code, heading] of [["vi", "Ghép đôi"], ["zh", "配对"], ["en", "Pairing"]]) {
    await page.locator(".language select").selectOption(code);
    await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
  }
  await tell("it speaks three languages");

  await page.route("**/v1/pairing", (route) => route.abort());
  await page.getByRole("alert").getByText("cannot be reached").waitFor();
  await page.getByText(/Last seen at/).waitFor();
  await tell("a gateway that is away is said to be, over what was seen last");
  await page.unroute("**/v1/pairing");

  await page.getByRole("link", { name: "API" }).click();
  await page.locator("#docs").getByRole("heading", { name: /Clawster/ }).waitFor();
  await tell("and there is a way to the API's document");
});
