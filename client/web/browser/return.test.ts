/** Coming back: the codename in, the thread out; what is added is proven to be of the same person. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, PHONE, picture, Stage } from "./stage.ts";
import { Walk, wordsOf } from "./walk.ts";

let stage: Stage;
let chromium: Browser;

beforeAll(async () => {
  stage = await Stage.open(["Marat"]);
  chromium = await browser();
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

test.each(["en", "ru", "ar"])("a whole conversation: %s", async (language) => {
  const known = new Set((await stage.inbox()).map(({ report_id }) => report_id));
  const fresh = async () => (await stage.inbox()).filter(({ report_id }) => !known.has(report_id));
  const say = wordsOf(language);
  const context = await chromium.newContext({ ...PHONE, locale: language });
  const first = await context.newPage();
  const sending = new Walk(first, say);
  await sending.start(stage.link);
  await sending.answer([]);
  const codename = await sending.send();
  await first.close();
  const [report] = await fresh();
  const id = report?.report_id ?? "";

  await writeFile(join(stage.folder, "map.txt"), "where the bus stops");
  await stage.kua("reply", id, "--acknowledge");
  await stage.kua("reply", id, "--text", "Which hall?\n<b>Which</b> night?", "--attach", join(stage.folder, "map.txt"));

  const page = await context.newPage();
  const walk = new Walk(page, say, (name) => picture(page, `${language}-return-${name}`));
  // Capitals, commas, and the first four letters of each word.
  await walk.comeBack(stage.link, codename.map((word) => word.slice(0, 4).toUpperCase()).join(", "));
  await walk.heading("page-thread");
  await page.getByText(say("return-opened"), { exact: true }).waitFor();
  await page.getByText("<b>Which</b> night?").waitFor();
  expect(await page.locator("article").count()).toBe(2);
  expect(await page.getByRole("heading", { level: 2 }).last().textContent()).toContain("Айгерім");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /map\.txt/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("map.txt");

  await walk.press("page-write-again");
  await walk.heading("page-add");
  await page.getByLabel(say("page-add")).fill("The one by the mine.");
  await walk.go();
  await walk.heading("page-files");
  await walk.choose([{ name: "hall.txt", mimeType: "text/plain", buffer: Buffer.from("a drawing") }]);
  await walk.go();
  await walk.heading("page-readers");
  await walk.go();
  await walk.heading("page-check");
  await walk.press("page-send");
  await walk.heading("page-thread");
  await expect.poll(async () => (await fresh()).length).toBe(2);
  const added = (await fresh()).find(({ report_id }) => report_id !== id);
  expect(added?.mailbox).toBe(report?.mailbox);
  const opened = await stage.opened(added?.report_id ?? "");
  expect(opened).toMatchObject({ description: "The one by the mine.", thread: { first: id } });
  expect(opened).toMatchObject({ custody: { thread: { first: id, proven: true } } });

  await walk.press("page-reply-delete", { number: "2" });
  await walk.press("page-reply-delete-really", { number: "2" });
  await page.getByText("<b>Which</b> night?").waitFor({ state: "detached" });
  await walk.press("page-look-again");
  await expect.poll(() => page.locator("article").count()).toBe(1);
  await context.close();
});

test("a wrong word is named before anything is asked", async () => {
  const page = await chromium.newPage();
  const say = wordsOf("en");
  const walk = new Walk(page, say);
  stage.front.passed.length = 0;
  await walk.comeBack(stage.link, "abandon abandon abandon abandon abandon abandon abandon abandom");
  await page.getByRole("alert").getByText("abandom").waitFor();
  await page.getByLabel(say("page-enter")).fill("abandon ability");
  await walk.go();
  await page.getByRole("alert").getByText("eight").waitFor();
  expect(stage.front.passed.map(({ path }) => path)).toEqual(["/v1/drop"]);
  await page.close();
});

test("a codename under which nothing was sent finds nothing", async () => {
  const page = await chromium.newPage();
  const say = wordsOf("en");
  const walk = new Walk(page, say);
  await walk.start(stage.link);
  await walk.answerLeast();
  const codename = (await walk.toConfirm()).join(" ");
  await page.reload();
  await walk.comeBack(stage.link, codename);
  await walk.heading("page-thread");
  await page.getByText(say("return-nothing")).waitFor();
  await page.close();
});
