/** What is hidden in a photo is shown to the person, and goes where she says. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { CANARY, IMAGES } from "../protocol/tests/images.ts";
import { browser, PHONE, picture, Stage } from "./stage.ts";
import { Walk, wordsOf } from "./walk.ts";

let stage: Stage;
let chromium: Browser;
const say = wordsOf("en");
const photo = Buffer.from(IMAGES["a JPEG with everything in it"] ?? new Uint8Array());
const odd = Buffer.from(IMAGES["a PNG with a wrong checksum"] ?? new Uint8Array());

beforeAll(async () => {
  stage = await Stage.open(["Marat"]);
  chromium = await browser();
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

test.each([
  ["removed", true],
  ["kept", false],
] as const)("what is hidden is %s", async (metadata, clean) => {
  const known = new Set((await stage.inbox()).map(({ report_id }) => report_id));
  const page = await chromium.newPage({ ...PHONE, locale: "en" });
  const walk = new Walk(page, say);
  await walk.start(stage.link);
  await walk.answerLeast("See the photo.");
  await walk.change("page-files");
  await walk.choose([
    { name: "photo.jpg", mimeType: "image/jpeg", buffer: photo },
    { name: "odd.png", mimeType: "image/png", buffer: odd },
    { name: "taken-away.txt", mimeType: "text/plain", buffer: Buffer.from("not sent") },
  ]);
  await page.getByText("51.17000, -71.44000").waitFor();
  await page.getByText(say("page-file-not-understood", { name: "odd.png" })).waitFor();
  await picture(page, `en-hidden-${metadata}`);
  const choice = page.getByLabel(say("page-file-clean"));
  expect(await choice.isChecked(), "taken out unless she says otherwise").toBe(true);
  await choice.setChecked(clean);
  await page.getByRole("button", { name: `${say("page-file-remove")} taken-away.txt` }).click();
  await walk.go();
  await walk.heading("page-check");
  await walk.send();

  const [row] = (await stage.inbox()).filter(({ report_id }) => !known.has(report_id));
  const id = row?.report_id ?? "";
  const { attachments } = await stage.opened(id);
  expect(attachments?.map(({ name, metadata }) => [name, metadata])).toEqual([
    ["photo.jpg", metadata],
    ["odd.png", "not-checked"],
  ]);
  await stage.kua("open", id, "--out", `opened-${metadata}`);
  const opened = await readFile(join(stage.folder, `opened-${metadata}/attachments/photo.jpg`));
  expect(opened.includes(CANARY)).toBe(!clean);
  if (!clean) expect(opened.equals(photo)).toBe(true);
  await page.close();
});
