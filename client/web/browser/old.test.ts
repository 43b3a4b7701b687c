/** Browsers that compile nothing, as Tor Browser at its safer level: everything is slower, and nothing else changes. */

import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, PHONE, Stage } from "./stage.ts";
import { ANSWERS, Walk, wordsOf } from "./walk.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(async () => {
  await stage.close();
});

test("without compiling anything, neither WebAssembly nor JavaScript", async () => {
  const chromium = await browser("--js-flags=--jitless");
  const page = await chromium.newPage(PHONE);
  page.setDefaultTimeout(100_000);
  expect(await page.evaluate(() => typeof WebAssembly)).toBe("undefined");
  const walk = new Walk(page, wordsOf("en"));
  await walk.start(stage.link);
  const begun = Date.now();
  await walk.answer([{ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("a note") }]);
  await walk.send();
  console.log(`written and sent in ${Date.now() - begun} ms without a compiler`);
  const [row] = await stage.inbox();
  expect(await stage.opened(row?.report_id ?? "")).toMatchObject({ description: ANSWERS.what });
  await chromium.close();
});
