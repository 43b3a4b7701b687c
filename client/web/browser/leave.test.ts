/** Leaving at once: nothing is on the screen, nothing is left, and neither Back nor Forward shows it again. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, Stage } from "./stage.ts";
import { ANSWERS, Walk, wordsOf } from "./walk.ts";

let stage: Stage;
let chromium: Browser;
const say = wordsOf("en");

beforeAll(async () => {
  stage = await Stage.open();
  chromium = await browser();
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

/** Someone who came from another page and has written something. */
async function written(): Promise<Page> {
  const page = await chromium.newPage();
  await page.goto("data:text/html,<title>before</title>");
  const walk = new Walk(page, say);
  await walk.start(stage.link);
  await walk.press("page-write");
  await walk.heading("page-what");
  await page.getByLabel(say("page-what")).fill(ANSWERS.what);
  await walk.go();
  await walk.heading("page-when");
  return page;
}

async function isGone(page: Page): Promise<void> {
  // The screen is empty at once; then the address changes, then the document.
  await expect.poll(() => page.url()).toBe(`${stage.front.origin}/leave`);
  const seen = () => page.evaluate(() => document.querySelector("#page") === null && document.title).catch(() => "leaving");
  await expect.poll(seen).toBe("");
  expect(await page.evaluate(() => document.documentElement.textContent?.trim())).toBe("");
}

/** Walks through all places of the window's history. */
async function historyShowsNothing(page: Page): Promise<void> {
  const { currentIndex, entries } = await (await page.context().newCDPSession(page)).send("Page.getNavigationHistory");
  const addresses = entries.map(({ url }) => url).filter((url) => /^https?:/.test(url));
  expect(new Set(addresses)).toEqual(new Set([`${stage.front.origin}/leave`]));
  expect(currentIndex).toBeGreaterThan(0);
}

test("by the button", async () => {
  const page = await written();
  await page.getByRole("button", { name: say("page-leave") }).click();
  await isGone(page);
  await historyShowsNothing(page);
  await page.goBack();
  expect(await page.title()).toBe("before");
  await page.close();
});

test("by Shift three times, while typing too", async () => {
  const page = await written();
  await page.getByRole("textbox", { name: say("page-year"), exact: true }).focus();
  // A capital letter is no wish to leave.
  for (let letter = 0; letter < 4; letter += 1) await page.keyboard.press("Shift+A");
  await page.keyboard.press("Shift");
  await page.getByText(say("page-leave-count", { left: 2 })).waitFor();
  await page.keyboard.press("Shift");
  await page.keyboard.press("a");
  await page.getByText(say("page-leave-hint")).waitFor();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift");
  await isGone(page);
  await historyShowsNothing(page);
  await page.close();
});

test("while the drop is silent", async () => {
  const page = await chromium.newPage();
  stage.front.instead = () => () => undefined;
  await page.goto(stage.link);
  await page.getByText(say("page-checking")).waitFor();
  await page.getByRole("button", { name: say("page-leave") }).click();
  await isGone(page);
  stage.front.instead = () => undefined;
  await page.close();
});

test("the worker ends with it, and with it the codename", async () => {
  const page = await written();
  expect(page.workers()).toHaveLength(1);
  await page.getByRole("button", { name: say("page-leave") }).click();
  await isGone(page);
  await expect.poll(() => page.workers().length).toBe(0);
  await page.close();
});

test("the browser's Back goes one question back, and keeps what was written", async () => {
  const page = await written();
  // The browser's own Back stays in the document here, so that no load follows that could be waited for.
  const back = () => page.evaluate(() => history.back());
  await back();
  await page.getByRole("heading", { name: say("page-what") }).waitFor();
  expect(await page.getByLabel(say("page-what")).inputValue()).toBe(ANSWERS.what);
  await back();
  await page.getByRole("button", { name: say("page-write") }).waitFor();
  await back();
  await expect.poll(() => page.title()).toBe("before");
  await page.close();
});
