/** Without JavaScript: the page names nobody, says what can be done elsewhere, and sends a file that was sealed there. */

import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { wordsOf } from "../build/plain.ts";
import { browser, DESKTOP, NARROW, PHONE, picture, Stage } from "./stage.ts";

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

/** A file that `kua seal` made on another device. */
async function sealed(text: string): Promise<{ path: string; id: string }> {
  const [report, path] = [join(stage.folder, "report.json"), join(stage.folder, `${text}.age`)];
  await writeFile(report, JSON.stringify({ title: "Sealed elsewhere", description: text }));
  const kua = process.env["KUA_BIN"] ?? "";
  const run = await promisify(execFile)(kua, ["seal", stage.link, "--report", report, "--out", path, "--json"]);
  return { path, id: (JSON.parse(run.stdout) as { report_id: string }).report_id };
}

/** Opens one language's part of the page. What is inside `noscript` is found by its place alone. */
async function chosen(page: Page, language: string): Promise<Locator> {
  await page.goto(stage.link);
  await page.locator(`details[lang=${language}] > summary`).click();
  return page.locator(`details[lang=${language}]`);
}

/**
 * That whoever cannot see the page well finds a way through it, too. What looks for that is a script, so it looks at the same
 * elements in a window where scripts run.
 */
async function isAccessible(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide).toBeLessThanOrEqual(window ?? 0);
  const twin = await chromium.newPage();
  await twin.setContent((await page.content()).replaceAll(/<\/?noscript>|<script[^>]*><\/script>|<link[^>]*>/g, ""));
  await twin.addStyleTag({ path: fileURLToPath(new URL("../dist/page.css", import.meta.url)) });
  await twin.evaluate(axe.source);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await twin.evaluate((runOnly) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    return axe.run(document, { runOnly });
  }, tags);
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  await twin.close();
}

for (const [language, options] of Object.entries({ en: DESKTOP, ar: NARROW, kk: PHONE })) {
  test(`a sealed file is handed in, and its receipt saved: ${language}`, async () => {
    const say = wordsOf(language);
    const context = await chromium.newContext({ ...options, javaScriptEnabled: false });
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    const part = await chosen(page, language);
    expect(await part.innerText()).toContain(say("plain-why"));
    for (const { name } of stage.people) expect(await page.content()).not.toContain(name);
    await isAccessible(page);
    await picture(page, `${language}-plain`);

    const { path, id } = await sealed(`written in ${language}`);
    await part.locator("input[type=file]").setInputFiles(path);
    await part.locator("form[method=post] button").click();
    await page.getByRole("heading", { level: 1, name: say("page-done") }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    expect(await page.locator("main").innerText()).toContain(id);
    await isAccessible(page);
    await picture(page, `${language}-plain-done`);
    expect(await stage.opened(id)).toMatchObject({ description: `written in ${language}` });
    expect((await stage.inbox()).find(({ report_id }) => report_id === id)?.mailbox).toBeNull();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: say("page-receipt-save") }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("receipt.json");
    expect(await readFile(await download.path(), "utf8")).toBe(await page.locator("pre").innerText());

    expect(said).toEqual([]);
    await page.getByRole("button", { name: say("page-leave") }).click();
    await page.waitForURL(/\/leave\??$/);
    expect(await page.locator("body").innerText()).toBe("");
    await context.close();
  });
}

test("what is not sealed is refused, and said to be", async () => {
  const say = wordsOf("ru");
  const context = await chromium.newContext({ ...PHONE, colorScheme: "dark", javaScriptEnabled: false });
  const page = await context.newPage();
  const before = (await stage.inbox()).length;
  const part = await chosen(page, "ru");
  // Longer than what is read of it before the answer stands.
  const buffer = Buffer.alloc(20 << 20, "They came at six in the morning. ");
  await part.locator("input[type=file]").setInputFiles({ name: "letter.txt", mimeType: "text/plain", buffer });
  await part.locator("form[method=post] button").click();
  await page.getByRole("heading", { level: 1, name: say("page-not-sent") }).waitFor();
  expect(await page.locator("main").innerText()).toContain(say("plain-not-sealed"));
  await isAccessible(page);
  await picture(page, "ru-plain-refused");
  await page.getByRole("link", { name: say("plain-again") }).click();
  await page.locator("details[lang=ru]").waitFor();
  expect(await stage.inbox()).toHaveLength(before);
  await context.close();
});

test("a page elsewhere cannot send the form", async () => {
  const page = await chromium.newPage();
  const { path } = await sealed("sent by a stranger");
  const before = (await stage.inbox()).length;
  // The drop's own front under another name is another site.
  const elsewhere = stage.front.origin.replace("127.0.0.1", "localhost");
  await page.route(`${elsewhere}/`, (route) => {
    const action = `${stage.front.origin}/v1/sealed-file`;
    const form = `<form method="post" enctype="multipart/form-data" action="${action}"><input type="file" name="file"><button>`;
    return route.fulfill({ contentType: "text/html", body: form });
  });
  await page.goto(`${elsewhere}/`);
  await page.locator("input").setInputFiles(path);
  await page.locator("button").click();
  await page.getByText("other-origin").waitFor();
  expect(await stage.inbox()).toHaveLength(before);
  await page.close();
});
