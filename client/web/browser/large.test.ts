/** A large file over a line that breaks: it arrives whole, and the page does not hold it. */

import { createHash, randomFillSync } from "node:crypto";
import { createReadStream, openSync, writeSync, closeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, DESKTOP, picture, Stage } from "./stage.ts";
import { Walk, wordsOf } from "./walk.ts";

/** In MiB; the promise is kept at 1024, which takes some minutes. */
const SIZE = Number(process.env["KUA_LARGE_MIB"] ?? "96");
/** In MiB: what the page and its worker may take beside what the browser takes for itself. */
const MOST_MEMORY = 400;
const CUTS = 3;

let stage: Stage;
let chromium: Browser;

beforeAll(async () => {
  stage = await Stage.open();
  chromium = await browser();
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

/** The memory of the process that shows the page, in MiB. */
async function memory(): Promise<number> {
  const session = await chromium.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(async ({ id }) => {
    const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  });
  return Math.max(0, ...(await Promise.all(sizes)));
}

test(`${SIZE} MiB, with ${CUTS} cuts`, { timeout: 1_800_000 }, async () => {
  const path = join(stage.folder, "film.mp4");
  const digest = writeLarge(path);
  stage.front.keepBodies = false;
  const page = await chromium.newPage(DESKTOP);
  const say = wordsOf("en");
  const walk = new Walk(page, say);
  await walk.start(stage.link);
  await walk.answerLeast("It is all in the film.");
  await walk.change("page-files");
  await page.getByLabel(say("page-files")).setInputFiles(path);
  await page.getByText(say("hidden-other-format", { name: "film.mp4" })).waitFor();
  await walk.go();
  await walk.heading("page-check");
  const before = await memory();
  let most = before;
  const watching = setInterval(() => void memory().then((now) => (most = Math.max(most, now))), 500);
  // The next cut comes once the line carries again.
  const portions = () => stage.front.passed.filter(({ method }) => method === "PATCH").length;
  const cutting = setInterval(() => {
    const due = (SIZE / 4 / (CUTS + 1)) * (stage.front.cuts + 1);
    if (stage.front.cuts < CUTS && portions() >= due) stage.front.cutAfter ??= 1 << 20;
  }, 50);
  const begun = Date.now();
  await walk.confirm(await walk.toConfirm());
  await page.getByText(say("page-stage-sending")).waitFor({ timeout: 600_000 });
  await picture(page, "en-desktop-sending");
  await page.getByRole("heading", { name: say("page-done") }).waitFor({ timeout: 1_500_000 });
  clearInterval(watching);
  clearInterval(cutting);
  const seconds = (Date.now() - begun) / 1000;
  console.log(
    `${SIZE} MiB in ${seconds.toFixed(1)} s (read twice, sealed, sent; ${(SIZE / seconds).toFixed(1)} MiB/s), ` +
      `${stage.front.cuts} cuts, memory ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most`,
  );
  expect(stage.front.cuts).toBe(CUTS);
  expect(most - before).toBeLessThan(MOST_MEMORY);

  const [row] = await stage.inbox();
  await stage.kua("open", row?.report_id ?? "", "--out", "opened");
  const opened = createHash("sha256");
  for await (const piece of createReadStream(join(stage.folder, "opened/attachments/film.mp4"))) opened.update(piece as Buffer);
  expect(opened.digest("hex")).toBe(digest);
});
