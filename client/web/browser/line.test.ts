/** A line that is cut after every few megabytes: it carries less at a time, and all of it in the end. */

import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, Stage } from "./stage.ts";
import { Walk, wordsOf } from "./walk.ts";

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

test("30 MB go over a line that is cut every 3 MB", { timeout: 120_000 }, async () => {
  const film = randomBytes(30_000_000);
  stage.front.keepBodies = false;
  stage.front.cutEvery = 3_000_000;
  const walk = new Walk(await chromium.newPage(), wordsOf("en"));
  await walk.start(stage.link);
  await walk.answer([{ name: "film.mp4", mimeType: "video/mp4", buffer: film }]);
  await walk.send();
  expect(stage.front.cuts).toBeGreaterThan(0);
  const [row] = await stage.inbox();
  await stage.kua("open", row?.report_id ?? "", "--out", "opened");
  const opened = await readFile(join(stage.folder, "opened/attachments/film.mp4"));
  const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(digest(opened)).toBe(digest(film));
});
