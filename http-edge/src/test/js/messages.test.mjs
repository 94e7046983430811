import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { catalogues, languageFor, say, speak } from "../../main/resources/clawster/web/messages.js";

const WEB = new URL("../../main/resources/clawster/web/", import.meta.url);
const placeholders = (sentence) => [...sentence.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

for (const [code, catalogue] of Object.entries(catalogues)) {
  test(`${code} has every sentence, with the same placeholders`, () => {
    assert.deepEqual(Object.keys(catalogue), Object.keys(catalogues.en));
    for (const [key, sentence] of Object.entries(catalogue)) {
      assert.ok(sentence.trim(), key);
      assert.deepEqual(placeholders(sentence), placeholders(catalogues.en[key]), key);
    }
  });
}

test("every catalogue file is spoken", () => {
  const files = readdirSync(new URL("messages/", WEB)).map((name) => name.replace(".js", ""));
  assert.deepEqual(files.sort(), Object.keys(catalogues).sort());
});

test("the page says only what the catalogue has, and the catalogue holds nothing the page does not say", () => {
  const source = readdirSync(WEB).filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(new URL(name, WEB), "utf8")).join("\n");
  for (const [, key] of source.matchAll(/\bsay\("(\w+)"/g)) assert.ok(key in catalogues.en, key);
  for (const key of Object.keys(catalogues.en)) assert.match(source, new RegExp(`[".]${key}\\b`), key);
});

test("the first language we speak wins, and English is the last resort", () => {
  assert.equal(languageFor(["fr-FR", "vi-VN", "en"]), "vi");
  assert.equal(languageFor(["zh-Hant-TW"]), "zh");
  assert.equal(languageFor(["fr"]), "en");
  assert.equal(languageFor(["constructor"]), "en");
});

test("values land in their places", () => {
  speak("zh");
  assert.equal(say("emptyModel", { model: "m" }), "由 m 回答。");
  speak("en");
});
