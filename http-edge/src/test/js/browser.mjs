// A browser that tells a page's story, step by step, against a running gateway.
//
// Needs playwright-core (`npm i playwright-core` in the folder the story is started from) and a Chromium
// (CHROMIUM, by default /usr/bin/chromium). CLAWSTER_TOKEN answers the token dialog, TOLD=<folder> keeps pictures.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { chromium } = createRequire(join(process.cwd(), "story.js"))("playwright-core");

/**
 * Opens the page, signs in and has the story told. A step that fails, or anything the page complains of, breaks it.
 *
 * @param {string} pictures what pictures' names begin with
 * @param {string} base the gateway's address
 * @param {(page: import("playwright-core").Page, tell: (sentence: string) => Promise<void>) => Promise<void>} story
 *     calls `tell` after each step with what it has shown
 */
export const tellStory = async (pictures, base, story) => {
  const profile = mkdtempSync(join(tmpdir(), "clawster-story-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    locale: "en-GB",
    viewport: { width: 1200, height: 800 },
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`${error}`));
  page.on("console", (line) => /Content.Security.Policy|MIME type/i.test(line.text()) && complaints.push(line.text()));

  let told = 0;
  const picture = async (name) => {
    if (process.env.TOLD) await page.screenshot({ path: join(process.env.TOLD, `${pictures}-${name}.png`) });
  };
  try {
    await page.goto(base);
    const token = process.env.CLAWSTER_TOKEN;
    if (token) {
      await page.getByLabel("Gateway token").fill(token);
      await page.keyboard.press("Enter");
    }
    await story(page, async (sentence) => {
      console.log(`ok ${++told} - ${sentence}`);
      await picture(told);
    });
    assert.deepEqual(complaints, []);
    console.log("The story holds.");
  } catch (error) {
    await picture("broken");
    console.error(`Broken after step ${told}:`, error, complaints);
    process.exitCode = 1;
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
};
