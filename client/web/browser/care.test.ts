/**
 * What holds on every page of the way: nobody is shut out, nothing is stored, nothing goes anywhere else.
 *
 * In the narrowest window that is promised, with files and names that make a page wide.
 */

import axe from "axe-core";
import type { Browser, Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { browser, NARROW, picture, Stage } from "./stage.ts";
import { ANSWERS, Walk, wordsOf } from "./walk.ts";

let stage: Stage;
let chromium: Browser;

beforeAll(async () => {
  stage = await Stage.open(["Marat <b>bold</b>", "Ж".repeat(90)]);
  chromium = await browser();
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

const longName = { name: `${"ә".repeat(90)}.pdf`, mimeType: "application/pdf", buffer: Buffer.from("canary-in-a-file") };

/** No violation of WCAG 2.2 AA that a program can find. */
async function accessible(page: Page, name: string): Promise<void> {
  // The page's own rules forbid the scripts of others; what the debugger brings along is not the page's.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    return axe.run(document, { runOnly: tags });
  });
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(found, name).toEqual([]);
  expect(passes.map(({ id }) => id), name).toContain("color-contrast");
}

async function noSidewaysScrolling(page: Page, name: string): Promise<void> {
  const [needed, there] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(needed, name).toBeLessThanOrEqual(there ?? 0);
}

/** What a page could leave behind. */
async function nothingStored(page: Page, name: string): Promise<void> {
  const stored = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(stored, name).toEqual({ local: 0, session: 0, cookies: "", databases: 0, caches: 0, workers: 0 });
  expect(await page.context().cookies()).toEqual([]);
}

test.each(["light", "dark"] as const)("every page, 320 pixels wide, %s", async (colorScheme) => {
  const context = await chromium.newContext({ ...NARROW, locale: "kk-KZ", colorScheme });
  const page = await context.newPage();
  const requests: Request[] = [];
  context.on("request", (request) => requests.push(request));
  const walk = new Walk(page, wordsOf("kk"), async (name) => {
    await accessible(page, name);
    await noSidewaysScrolling(page, name);
    await nothingStored(page, name);
    expect(await page.title(), "the title tells nothing").toBe("Бланк");
    await picture(page, `kk-narrow-${colorScheme}-${name}`);
  });
  await walk.start(stage.link);
  await walk.answer([longName]);
  expect(await page.getByText("Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі").isVisible()).toBe(true);
  const codename = await walk.send();

  const { origin } = new URL(stage.link);
  const addresses = requests.map((request) => new URL(request.url()));
  expect(addresses.filter((address) => address.origin !== origin)).toEqual([]);
  expect(new Set(addresses.map(({ pathname }) => pathname))).toEqual(
    new Set(["/", "/page.js", "/page.css", "/worker.js", "/v1/drop", "/v1/reports"]),
  );
  const canaries = [...Object.values(ANSWERS), "canary-in-a-file", longName.name, codename.join(" ")];
  const sent = stage.front.passed.map(({ body, path }) => body.toString("latin1") + path).join("\n");
  expect(sent.length).toBeGreaterThan(10_000);
  expect(canaries.filter((canary) => sent.includes(Buffer.from(canary).toString("latin1")))).toEqual([]);
  await context.close();
});

test("at four times the size nothing is cut off", async () => {
  // A window of 1280 pixels at 400 % has room for 320 (WCAG 1.4.10).
  const context = await chromium.newContext({ viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 });
  const page = await context.newPage();
  const walk = new Walk(page, wordsOf("en"), (name) => noSidewaysScrolling(page, name));
  await walk.start(stage.link);
  await walk.answer([longName]);
  await context.close();
});

test("errors take the focus, and lead to their field", async () => {
  const page = await chromium.newPage();
  const say = wordsOf("en");
  const walk = new Walk(page, say);
  await walk.start(stage.link);
  await walk.press("page-write");
  await walk.heading("page-what");
  await walk.go();
  const summary = page.getByRole("alert");
  await expect.poll(() => summary.evaluate((box) => box === document.activeElement)).toBe(true);
  await accessible(page, "an error");
  await summary.getByRole("link", { name: say("page-what-missing") }).click();
  expect(await page.locator("#what").evaluate((field) => field === document.activeElement)).toBe(true);
  expect(page.url(), "the address keeps the drop's fingerprint").toBe(stage.link);
  await page.locator("#what").fill("They came at night.");
  await walk.go();
  await page.getByRole("textbox", { name: say("page-day"), exact: true }).fill("31");
  await walk.go();
  await page.getByRole("link", { name: say("page-when-wrong") }).waitFor();
  await page.close();
});

test("from the first page to the last by keyboard alone", async () => {
  const context = await chromium.newContext({ locale: "en" });
  const page = await context.newPage();
  const say = wordsOf("en");
  await page.goto(stage.link);
  await page.getByRole("button", { name: say("page-write") }).waitFor();
  const { keyboard } = page;
  /** Goes on with Tab until the focus is where it is wanted. */
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await keyboard.press("Tab");
      const here = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
      });
      if (here.trim() === name) return;
    }
    throw new Error(`Tab never comes to ${name}`);
  };
  const go = async () => {
    await tabTo(say("page-continue"));
    await keyboard.press("Enter");
  };
  const heading = (key: string) => page.getByRole("heading", { level: 1, name: say(key) }).waitFor();
  await tabTo(say("page-write"));
  await keyboard.press("Enter");
  await heading("page-what");
  await tabTo(say("page-what"));
  await keyboard.type("Written by keyboard");
  await go();
  for (const key of ["page-when", "page-where"]) {
    await heading(key);
    await go();
  }
  await heading("page-acts");
  await tabTo(say("act-liberty"));
  await keyboard.press("Space");
  await go();
  for (const key of ["page-victim", "page-perpetrator", "page-severity", "page-files", "page-readers", "page-check"]) {
    await heading(key);
    await go();
  }
  await heading("page-codename");
  const codename = await page.locator(".codename li").allTextContents();
  await tabTo(say("page-codename-have"));
  await keyboard.press("Enter");
  await heading("page-confirm");
  for (const [at, word] of codename.entries()) {
    const name = say("page-confirm-word", { number: at + 1 });
    if ((await page.getByLabel(name).count()) === 0) continue;
    await tabTo(name);
    await keyboard.type(word);
  }
  await keyboard.press("Enter");
  await heading("page-done");
  const titles = (await stage.inbox()).map(({ title }) => title);
  expect(titles).toContain("Written by keyboard");
  await context.close();
});
