/** A large file over a line that breaks: it arrives whole, and the page does not hold it. */

import { createHash, randomFillSync } from "node:crypto";
import { createReadStream, openSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Detached } from "./detached.ts";
import { Stage } from "./stage.ts";
import { Walk, wordsOf } from "./walk.ts";

/** In MiB; the promise is kept at 1024, which takes some minutes. */
const SIZE = Number(process.env["KUA_LARGE_MIB"] ?? "96");
/**
 * In MiB: what the page and its worker may take beside what the browser takes for itself.
 *
 * A portion of 8 MiB and some pieces are in use at a time. The rest is pieces that were used, until the browser clears
 * them away; its peaks come while the file is read the first time, which is fastest.
 */
const MOST_MEMORY = 300;
const CUTS = 3;

let stage: Stage;
let chromium: Detached;

beforeAll(async () => {
  stage = await Stage.open();
  chromium = await Detached.open(join(stage.folder, "profile"));
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

/** A file of random bytes, and its SHA-256. */
function writeLarge(path: string): string {
  const digest = createHash("sha256");
  const piece = Buffer.alloc(1 << 20);
  const file = openSync(path, "w");
  for (let written = 0; written < SIZE; written += 1) {
    randomFillSync(piece);
    digest.update(piece);
    writeSync(file, piece);
  }
  closeSync(file);
  return digest.digest("hex");
}

/** Chooses a file as the browser's own window does. Playwright would send a browser that it did not start every byte. */
async function chooseByPath(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send("Runtime.evaluate", { expression: 'document.querySelector("#files")' });
  await session.send("DOM.setFileInputFiles", { files: [path], objectId: result.objectId ?? "" });
  await session.detach();
}

test(`${SIZE} MiB, with ${CUTS} cuts`, { timeout: 1_800_000 }, async () => {
  const path = join(stage.folder, "film.mp4");
  const digest = writeLarge(path);
  stage.front.keepBodies = false;
  const walk = new Walk(await chromium.page(), wordsOf("en"));
  await walk.start(stage.link);
  await walk.answerLeast("It is all in the film.");
  await walk.change("page-files");
  await chooseByPath(walk.page, path);
  await walk.page.getByText(walk.say("hidden-other-format", { name: "film.mp4" })).waitFor();
  await walk.go();
  await walk.heading("page-check");
  await walk.typeWords(await walk.toConfirm());
  await walk.page.evaluate(() => void setTimeout(() => document.querySelector("form")?.requestSubmit(), 500));
  await chromium.letAlone();

  const before = await chromium.memory();
  let most = before;
  const watching = setInterval(() => void chromium.memory().then((now) => (most = Math.max(most, now))), 250);
  // The next cut comes once the line carries again.
  const portions = () => stage.front.passed.filter(({ method }) => method === "PATCH").length;
  const cutting = setInterval(() => {
    const due = (SIZE / 8 / (CUTS + 1)) * (stage.front.cuts + 1);
    if (stage.front.cuts < CUTS && portions() >= due) stage.front.cutAfter ??= 1 << 20;
  }, 20);
  const begun = Date.now();
  await expect.poll(() => stage.front.receipts.length, { timeout: 1_500_000, interval: 50 }).toBe(1);
  const seconds = (Date.now() - begun) / 1000;
  clearInterval(watching);
  clearInterval(cutting);
  console.log(
    `${SIZE} MiB in ${seconds.toFixed(1)} s (read twice, sealed, sent; ${(SIZE / seconds).toFixed(1)} MiB/s), ` +
      `${stage.front.cuts} cuts, memory ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most`,
  );
  await new Walk(await chromium.page(), walk.say).heading("page-done");
  expect(stage.front.cuts).toBe(CUTS);
  expect(most - before).toBeLessThan(MOST_MEMORY);

  const [row] = await stage.inbox();
  await stage.kua("open", row?.report_id ?? "", "--out", "opened");
  const opened = createHash("sha256");
  for await (const piece of createReadStream(join(stage.folder, "opened/attachments/film.mp4"))) opened.update(piece as Buffer);
  expect(opened.digest("hex")).toBe(digest);
});
