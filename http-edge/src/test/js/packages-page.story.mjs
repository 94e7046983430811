// The packages page's story, told by a real browser against a running gateway, whatever that can install:
//
//   node packages-page.story.mjs http://localhost:18790
//
// browser.mjs says what it needs, and which variables count. What the gateway answers of packages is played, so nothing is
// installed; that it serves the page and asks for a token is its own.
import assert from "node:assert/strict";
import { tellStory } from "./browser.mjs";

const base = process.argv[2] ?? "http://localhost:18790";

const runtime = (name, version) => ({ name, available: Boolean(version), ...(version ? { version } : {}) });
const NODES = [{ node: "1", name: "node-1" }, { node: "2", name: "node-2" }];
const RUNTIMES = {
  python: true, node: false, ready: true,
  runtimes: [runtime("python3", "Python 3.12.3"), runtime("pip3", "pip 24.0"), runtime("node"), runtime("npm"), runtime("pkg-helper")],
  nodes: NODES.map((node, index) => ({
    ...node,
    runtimes: [runtime("python3", "Python 3.12.3"), runtime("pip3", "pip 24.0"), runtime("node", index && "v20.1.0"), runtime("npm"), runtime("pkg-helper")],
  })),
};
const HOSTILE = "<img src=x onerror=alert(1)>";

let installed = [{ name: "docx", version: "8.12.0" }];
const packages = () => ({
  system: null,
  pip: [{ name: "pandas", version: "2.0.0", nodes: [{ ...NODES[0], version: "2.0.0" }] }],
  npm: installed,
  nodes: NODES.map((node) => ({
    ...node,
    statuses: node.node === "1" ? [{ package: "pip:nope", state: "failed", code: "network", error: HOSTILE }] : [],
  })),
});

/** In the page: what it hears of a change comes when the story says so. */
function playChanges() {
  const real = window.fetch.bind(window);
  window.asked = [];
  window.fetch = async (path, options = {}) => {
    if (!/^\/v1\/packages\/(un)?install$/.test(path)) return real(path, options);
    window.asked.push([path, JSON.parse(options.body), options.headers.Accept]);
    if (window.refusal) return new Response(JSON.stringify({ error: window.refusal }), { status: 403 });
    const body = new ReadableStream({ start: (controller) => (window.stream = controller) });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  };
  window.happens = (name, data) =>
    window.stream.enqueue(new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
}

await tellStory("packages", base, async (page, tell) => {
  const happens = (name, data) => page.evaluate(([event, said]) => window.happens(event, said), [name, data]);
  const section = (kind) => page.locator(`section[data-kind="${kind}"]`);
  await page.addInitScript(playChanges);
  await page.route("**/v1/packages", (route) => route.fulfill({ json: packages() }));
  await page.route("**/v1/packages/runtimes", (route) => route.fulfill({ json: RUNTIMES }));
  await page.getByRole("link", { name: "Packages", exact: true }).click();
  await page.locator(".card").first().waitFor();
  assert.deepEqual(await page.locator(".card strong").allInnerTexts(), ["python3", "pip3", "node", "npm", "pkg-helper"]);
  await page.locator('[data-runtime="python3"]').getByText("Python 3.12.3").waitFor();
  await page.locator('[data-runtime="node"]').getByText("on 1 of 2 nodes").waitFor();
  await page.locator('[data-runtime="npm"]').getByText("missing").waitFor();
  await tell("the chat page leads to the packages page, which says what there is to install with, and where");

  await section("system").getByText("No node could list these").waitFor();
  await section("pip").getByText("on 1 of 2 nodes · node-1 2.0.0").waitFor();
  await section("pip").locator(".steps").getByText(`node-1: failed (network)${HOSTILE}`).waitFor();
  await section("npm").getByRole("row", { name: /docx 8\.12\.0/ }).waitFor();
  await tell("three sections list what is installed, where nodes differ, and what is not done yet");

  const input = section("npm").getByRole("textbox");
  const install = section("npm").getByRole("button", { name: "Install" });
  assert.ok(await install.isDisabled());
  await input.fill("   ");
  assert.ok(await install.isDisabled());
  await input.fill("typescript");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.stream);
  assert.deepEqual(await page.evaluate(() => window.asked), [
    ["/v1/packages/install", { package: "npm:typescript" }, "text/event-stream"]]);
  assert.ok(await install.isDisabled());
  assert.ok(await section("npm").getByRole("button", { name: "Remove docx" }).isDisabled());
  assert.ok(await section("pip").getByRole("button", { name: "Remove pandas" }).isEnabled());
  await happens("progress", { node: "1", line: `fetching ${HOSTILE}` });
  await happens("node", { node: "1", state: "working" });
  await happens("node", { node: "2", state: "nobody" });
  await section("npm").locator("pre").getByText(`fetching ${HOSTILE}`).waitFor();
  await section("npm").getByText("node-1: working").waitFor();
  await section("npm").getByText("node-2: nobody installs these there").waitFor();
  await tell("Enter installs, and what is said on the way is shown as it is said, as plain text");

  await happens("progress", { node: "2", line: "and from another node" });
  await section("npm").locator("pre").getByText("node-2: and from another node").waitFor();
  installed = [...installed, { name: "typescript", version: "5.1.0" }];
  await happens("done", { ok: true, error: "", nodes: [{ ...NODES[0], state: "done" }] });
  await section("npm").getByText("npm:typescript is installed.").waitFor();
  await section("npm").getByRole("row", { name: /typescript 5\.1\.0/ }).waitFor();
  assert.equal(await input.inputValue(), "");
  assert.equal(await page.locator("#announcer").innerText(), "npm:typescript is installed.");
  await tell("what is installed is said to be, and is listed");

  const remove = section("npm").getByRole("button", { name: "Remove typescript" });
  await remove.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("Remove npm:typescript from all nodes?").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => window.asked.length), 1);
  assert.ok(await remove.evaluate((button) => button === document.activeElement), "the focus stays where it was");
  await tell("removing asks first, and who waves it away removes nothing");

  await page.keyboard.press("Enter");
  await tell("the question names the package");
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.waitForFunction(() => window.asked.length === 2);
  assert.deepEqual(await page.evaluate(() => window.asked[1].slice(0, 2)), [
    "/v1/packages/uninstall", { package: "npm:typescript" }]);
  assert.ok(await section("npm").locator(".change").evaluate((change) => change === document.activeElement));
  const failure = { ...NODES[1], state: "failed", code: "conflict", error: HOSTILE };
  await happens("done", { ok: false, error: `not everywhere ${HOSTILE}`, nodes: [failure] });
  await section("npm").getByRole("alert").getByText("npm:typescript was not removed").waitFor();
  await section("npm").locator(".change-error").getByText(`not everywhere ${HOSTILE}`).waitFor();
  await section("npm").getByText(`node-2: failed (conflict)${HOSTILE}`).waitFor();
  await tell("a failure says why, and on which node");
  await section("npm").getByRole("button", { name: "Dismiss" }).click();
  await section("npm").locator(".change").waitFor({ state: "detached" });

  await section("pip").getByRole("textbox").fill("numpy");
  await section("pip").getByRole("button", { name: "Install" }).click();
  await page.waitForFunction(() => window.asked.length === 3);
  await page.evaluate(() => window.stream.close());
  await section("pip").getByRole("alert").getByText("The connection broke").waitFor();
  await tell("a connection that breaks is not taken for a failure");

  await page.evaluate(() => (window.refusal = "Permission denied: you do not have the scope."));
  await section("system").getByRole("textbox").fill("jq");
  await page.keyboard.press("Enter");
  await section("system").getByRole("alert").getByText("jq was not installed").waitFor();
  await section("system").getByText("Permission denied: you do not have the scope.").waitFor();
  assert.equal(await section("system").getByRole("textbox").inputValue(), "jq");
  await tell("who is no admin is told so");

  installed = [];
  const refresh = page.getByRole("button", { name: "Refresh" });
  await refresh.press("Enter");
  await section("npm").getByText("None are installed.").waitFor();
  assert.ok(await refresh.evaluate((button) => button === document.activeElement), "the focus stays where it was");
  await tell("it looks again when it is told to");

  assert.equal(await page.locator("#app img:not([alt=''])").count(), 0);
  for (const [code, heading] of [["vi", "Gói phần mềm"], ["zh", "软件包"], ["en", "Packages"]]) {
    await page.locator(".language select").selectOption(code);
    await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), code);
  }
  await tell("it speaks three languages");

  await page.setViewportSize({ width: 390, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  const { wide, wider } = await page.evaluate(() => ({ wide: innerWidth, wider: document.documentElement.scrollWidth }));
  assert.ok(wider <= wide, `${wider} in ${wide}`);
  await tell("it fits a narrow screen, and is dark where that is wished for");
});
