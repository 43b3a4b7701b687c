/** Browsers that compile less, as Tor Browser at its safer level: everything is slower, and nothing else changes. */

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

test.each([
  // No switch of Chromium's takes WebAssembly away alone; a page's own rules do.
  ["without WebAssembly", "", { webAssembly: false }],
  ["without a compiler for JavaScript", "--no-opt --no-maglev --no-sparkplug", { webAssembly: true }],
  ["without compiling anything", "--jitless", { webAssembly: true }],
])("%s", async (name, flags, { webAssembly }) => {
  stage.front.webAssembly = webAssembly;
  const known = new Set((await stage.inbox()).map(({ report_id }) => report_id));
  const chromium = await browser(`--js-flags=${flags}`);
  const page = await chromium.newPage({ ...PHONE, locale: "en" });
  page.setDefaultTimeout(100_000);
  const walk = new Walk(page, wordsOf("en"));
  await walk.start(stage.link);
  // The smallest module there is: its name and version.
  const compiles = () => WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(() => true, () => false);
  const worker = page.workers()[0];
  const isThere = await worker?.evaluate(() => typeof WebAssembly === "object");
  expect(isThere && (await worker?.evaluate(compiles))).toBe(webAssembly && flags !== "--jitless");
  const begun = Date.now();
  await walk.answerLeast();
  await walk.change("page-files");
  await walk.choose([{ name: "note.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(1 << 20, 7) }]);
  await walk.go();
  await walk.heading("page-check");
  const codename = await walk.send();
  console.log(`${name}: written and sent with 1 MiB in ${Date.now() - begun} ms`);
  const added = (await stage.inbox()).filter(({ report_id }) => !known.has(report_id));
  expect(added).toHaveLength(1);
  const opened = await stage.opened(added[0]?.report_id ?? "");
  expect(opened).toMatchObject({ description: ANSWERS.what, attachments: [{ name: "note.bin", size: 1 << 20 }] });

  await page.goto("about:blank");
  await walk.comeBack(stage.link, codename.join(" "));
  await walk.heading("page-thread");
  await page.getByText(walk.say("return-not-opened")).waitFor();
  await chromium.close();
});
