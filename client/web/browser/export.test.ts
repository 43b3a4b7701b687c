/** The page that `kua export --format html` writes, as a court would open it: from a disk, without a network, to be printed. */

import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { repository } from "../protocol/tests/vectors.ts";
import { browser, DESKTOP, PHONE, picture, PICTURES, Stage } from "./stage.ts";

let stage: Stage;
let chromium: Browser;
let page: string;

/** What a person who wants to do harm writes. */
const HOSTILE = {
  title: '<img src="https://evil.example/x.png"> \u{202e}gnp.exe',
  description:
    '<script>document.title = "run"</script><style>@import "https://evil.example/s.css"</style>\n' +
    '<link rel="prefetch" href="https://evil.example/">\nاعتُقل صباح اليوم ثلاثة من عمال المنجم.\n\nThree miners.',
  language: "ar",
  place: { name: "قرية قرب كاراغاندا", country: "KZ", lat: 49.8, lon: 73.1 },
  occurred: { from: "2010-10", precision: "month" },
  acts: ["liberty", "labour"],
  victims: [{ kind: "group", name: "عمال المنجم", count: 3 }],
};

beforeAll(async () => {
  stage = await Stage.open();
  chromium = await browser();
  const incidents = JSON.parse(readFileSync(repository("tests/samples/incidents.json"), "utf8")) as Record<string, unknown>[];
  const drafts = incidents.map(({ key, narrative, ...rest }) => ({ ...rest, description: narrative }));
  for (const [at, draft] of [HOSTILE, ...drafts].entries()) {
    const path = join(stage.folder, `draft-${at}.json`);
    await writeFile(path, JSON.stringify({ format: "kua-report/1", ...draft }));
    await stage.submit(path);
  }
  const rows = await stage.inbox();
  const hostile = rows.find((row) => row.title === HOSTILE.title)?.report_id ?? "";
  await stage.kua("triage", hostile, "--status", "in-review", "--label", "مناجم", "--note", "<b>call</b>\nher lawyer");
  const out = join(stage.folder, "paper");
  await stage.kua("export", "--format", "html", "--out", out);
  page = pathToFileURL(join(out, "reports.html")).href;
  await copyFile(join(out, "reports.html"), join(PICTURES, "export.html"));
});

afterAll(async () => {
  await chromium.close();
  await stage.close();
});

test("it shows what was written, runs nothing and asks for nothing", async () => {
  for (const [name, device] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
    const context = await chromium.newContext(device);
    const requests: Request[] = [];
    context.on("request", (request) => requests.push(request));
    const opened = await context.newPage();
    const said: string[] = [];
    opened.on("console", (message) => said.push(message.text()));
    await opened.goto(page);
    await opened.waitForLoadState("networkidle");
    expect(requests.map((request) => request.url())).toEqual([page]);
    expect(said).toEqual([]);
    expect(await opened.title()).not.toBe("run");
    expect(await opened.locator("article").count()).toBe(9);
    expect(await opened.locator("img, script, iframe, link, object, form").count()).toBe(0);
    const article = opened.locator("article", { hasText: "evil.example" });
    expect(await article.locator(".text").first().textContent()).toBe(HOSTILE.description);
    expect(await article.locator("h2").textContent()).toBe(HOSTILE.title.replace("\u{202e}", "\u{fffd}"));
    const wide = await opened.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide, `${name}: nothing is wider than the screen`).toBe(false);
    await opened.locator("tbody a").first().click();
    await picture(opened, `export-${name}`);
    await context.close();
  }
});

test("it is printed", async () => {
  const opened = await chromium.newPage();
  await opened.goto(page);
  const pdf = await opened.pdf({ path: join(PICTURES, "export.pdf"), preferCSSPageSize: true, printBackground: false });
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages, "each report begins a page").toBeGreaterThanOrEqual(10);
  await opened.close();
});
