/** The page as one file, opened from a disk: it asks for the link, and speaks to that drop alone. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Browser, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, PHONE, picture, Stage } from "./stage.ts";
import { ANSWERS, Walk, wordsOf } from "./walk.ts";

let stage: Stage;
let chromium: Browser;
const file = new URL("../dist/offline.html", import.meta.url);
const say = wordsOf("en");

beforeAll(async () => {
  stage = await Stage.open();
  chromium = await browser();
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

test("the whole story from one file", async () => {
  const context = await chromium.newContext({ ...PHONE, locale: "en" });
  const page = await context.newPage();
  const requests: Request[] = [];
  context.on("request", (request) => requests.push(request));
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  const walk = new Walk(page, say, (name) => picture(page, `en-offline-${name}`));
  await page.goto(file.href);
  await walk.heading("page-link");
  await page.getByLabel(say("page-link")).fill("https://drop.example/");
  await walk.go();
  await page.getByRole("alert").getByText(say("page-link-incomplete")).waitFor();
  await page.getByLabel(say("page-link")).fill(stage.link);
  await walk.go();
  await page.getByRole("button", { name: say("page-write") }).waitFor();
  await walk.answer([{ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("a note") }]);
  await walk.send();
  const [row] = await stage.inbox();
  expect(await stage.opened(row?.report_id ?? "")).toMatchObject({ description: ANSWERS.what });
  expect(said).toEqual([]);
  const elsewhere = requests.map((request) => request.url()).filter((url) => !url.startsWith(`${stage.front.origin}/v1/`));
  expect(new Set(elsewhere.map((url) => url.split(":")[0]))).toEqual(new Set(["file", "blob"]));
  expect(stage.front.asked, "nothing but the drop's own requests").toEqual([]);

  await page.getByRole("button", { name: say("page-leave") }).first().click();
  await page.waitForURL("about:blank");
  await context.close();
});

test("its rules allow its own script and style, and nothing that is put in", async () => {
  const html = readFileSync(fileURLToPath(file), "utf8");
  expect(html).not.toMatch(/<(script|link|img)[^>]* (src|href)="(?!data:,")/);
  const page = await chromium.newPage();
  const refused: string[] = [];
  page.on("console", (message) => refused.push(message.text()));
  await page.goto(file.href);
  await page.evaluate(() => {
    const script = document.createElement("script");
    try {
      script.textContent = "document.title = 'changed'";
    } catch {
      // Trusted Types refuse it before the policy does.
    }
    document.head.append(script);
    const style = document.createElement("style");
    style.textContent = "body { display: none }";
    document.head.append(style);
  });
  expect(await page.title()).toBe(say("page-title"));
  expect(await page.locator("body").isVisible()).toBe(true);
  expect(refused.some((text) => text.includes("Content Security Policy"))).toBe(true);
  await page.close();
});
