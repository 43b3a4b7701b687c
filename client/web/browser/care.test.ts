/**
 * Every page and every state that it can be in, in the narrowest window that is promised, from left to right and from
 * right to left, with files and names that make a page wide.
 */

import type { ServerResponse } from "node:http";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { IMAGES } from "../protocol/tests/images.ts";
import { careful, noSidewaysScrolling, nothingStored, readable, summaryHasFocus, watch } from "./care.ts";
import { browser, NARROW, Stage, ZOOMED } from "./stage.ts";
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

afterEach(() => {
  stage.front.instead = () => undefined;
});

const longName = { name: `${"ә".repeat(90)}.pdf`, mimeType: "application/pdf", buffer: Buffer.from("canary-in-a-file") };
const files = [
  longName,
  { name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from(IMAGES["a JPEG with everything in it"] ?? []) },
  { name: "odd.png", mimeType: "image/png", buffer: Buffer.from(IMAGES["a PNG with a wrong checksum"] ?? []) },
];
const again = "canary: the hall by the mine";

/** Goes on and is told what is wrong. */
async function refused(walk: Walk, name: string): Promise<void> {
  await walk.go();
  await summaryHasFocus(walk.page);
  await walk.at(name);
}

/** Before the first page: waiting for the drop, and a drop that cannot be reached. */
async function throughTheGate(walk: Walk): Promise<void> {
  const { page, say } = walk;
  stage.front.hold(/^\/v1\/drop$/);
  await page.goto(stage.link);
  await page.getByText(say("page-checking")).waitFor();
  await walk.at("checking");
  stage.front.instead = ({ url }) => (url === "/v1/drop" ? (response) => void response.destroy() : undefined);
  await page.reload();
  await page.getByText(say("page-unreachable")).waitFor();
  await walk.at("unreachable");
  stage.front.instead = () => undefined;
  await walk.press("page-try-again");
  await page.getByRole("button", { name: say("page-write") }).waitFor();
}

/** All questions, with a mistake wherever one can be made. */
async function throughTheQuestions(walk: Walk): Promise<void> {
  const { page, say } = walk;
  await walk.press("page-write");
  await walk.heading("page-what");
  await refused(walk, "what-missing");
  await page.getByRole("alert").getByRole("link", { name: say("page-what-missing") }).click();
  expect(await page.locator("#what").evaluate((field) => field === document.activeElement)).toBe(true);
  await walk.press("page-back");
  await walk.answer(files, async (key) => {
    if (key !== "page-when") return;
    const day = page.getByRole("textbox", { name: say("page-day"), exact: true });
    await day.fill("31");
    await refused(walk, "when-wrong");
    await day.fill("");
  });
  await walk.change("page-readers");
  for (const box of await page.getByRole("checkbox").all()) await box.setChecked(false);
  await refused(walk, "readers-missing");
  for (const box of await page.getByRole("checkbox").all()) await box.setChecked(true);
  await walk.go();
  await walk.heading("page-check");
}

/** Sending over a line that breaks, to a drop that takes no more from this codename at first. */
async function throughTheSending(walk: Walk): Promise<string[]> {
  const { page, say } = walk;
  const codename = await walk.toConfirm();
  await walk.press("page-send");
  await summaryHasFocus(page);
  await walk.at("confirm-wrong");
  const asked: ServerResponse[] = [];
  stage.front.instead = ({ url }) => (url === "/v1/reports" ? (response) => void asked.push(response) : undefined);
  await walk.confirm(codename);
  await page.getByText(say("page-stage-sending")).waitFor();
  await expect.poll(() => asked.length).toBe(1);
  await walk.at("sending");
  asked[0]?.destroy();
  await page.getByText(say("submit-waiting")).waitFor();
  await walk.at("waiting");
  await expect.poll(() => asked.length).toBe(2);
  const problem = JSON.stringify({ type: "urn:kua:problem:mailbox-full", title: "full", status: 429 });
  asked[1]?.writeHead(429, { "content-type": "application/problem+json" }).end(problem);
  await page.getByText(say("error-mailbox-full")).waitFor();
  await walk.at("not-sent");
  stage.front.instead = () => undefined;
  await walk.press("page-try-again");
  await walk.heading("page-done");
  await page.getByText(say("page-receipt"), { exact: true }).click();
  await walk.at("done-receipt");
  return codename;
}

/** Coming back: what was answered, what is missing, and what is added. */
async function throughTheReturn(walk: Walk, codename: readonly string[]): Promise<void> {
  const { page, say } = walk;
  await walk.comeBack(stage.link, "abandon ability");
  await summaryHasFocus(page);
  await walk.at("enter-wrong");
  const goOn = stage.front.hold(/^\/v1\/mailboxes/);
  await page.getByLabel(say("page-enter")).fill(codename.join(" "));
  await walk.go();
  await page.getByText(say("return-looking")).waitFor();
  await walk.at("looking");
  goOn();
  await walk.heading("page-thread");
  await walk.press("page-reply-delete", { number: "2" });
  await walk.at("delete-asked");
  await walk.press("page-reply-delete-really", { number: "2" });
  await page.getByText(say("return-gap", { number: "2" })).waitFor();
  await walk.at("thread-gap");
  await walk.press("page-write-again");
  await walk.heading("page-add");
  await refused(walk, "add-missing");
  await page.getByLabel(say("page-add")).fill(again);
  for (const next of ["page-files", "page-readers", "page-check"]) {
    await walk.go();
    await walk.heading(next);
  }
  await walk.press("page-send");
  await walk.heading("page-thread");
  await walk.at("thread-sent");
}

async function leave(page: Page, walk: Walk): Promise<void> {
  await page.getByRole("button", { name: walk.say("page-leave") }).first().click();
  await page.waitForURL(`${stage.front.origin}/leave`);
  await nothingStored(page, "after leaving");
  expect(await page.title(), "nothing is left of it").toBe("");
}

test.each([
  ["kk", "Бланк"],
  ["ar", "نموذج"],
])("every page and every state, 320 pixels wide, light and dark: %s", { timeout: 400_000 }, async (language, title) => {
  const context = await chromium.newContext({ ...NARROW, locale: language });
  const page = await context.newPage();
  const requests = watch(context);
  stage.front.passed.length = 0;
  const known = new Set((await stage.inbox()).map(({ report_id }) => report_id));
  const walk = new Walk(page, wordsOf(language), (name) => careful(page, `${language}-narrow-${name}`, title));
  await throughTheGate(walk);
  await throughTheQuestions(walk);
  expect(await page.getByText("Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі").isVisible()).toBe(true);
  const codename = await throughTheSending(walk);
  await leave(page, walk);

  const [report] = (await stage.inbox()).filter(({ report_id }) => !known.has(report_id));
  const letter = join(stage.folder, "letter.pdf");
  await writeFile(letter, "an answer");
  await stage.kua("reply", report?.report_id ?? "", "--text", "Who is it?\n<i>Who</i>?");
  await stage.kua("reply", report?.report_id ?? "", "--text", "ә".repeat(90), "--attach", letter);
  await stage.kua("reply", report?.report_id ?? "", "--acknowledge");
  await throughTheReturn(walk, codename);
  await leave(page, walk);

  const { origin } = new URL(stage.link);
  const addresses = requests.map((request) => new URL(request.url()));
  expect(addresses.filter((address) => address.origin !== origin)).toEqual([]);
  const kinds = addresses.map(({ pathname }) => pathname.replace(/[0-9a-f]{32,64}/g, "ID"));
  expect(new Set(kinds)).toEqual(
    new Set([
      ...["/", "/page.js", "/page.css", "/worker.js", "/leave", "/v1/drop", "/v1/reports"],
      ...["/v1/mailboxes/ID/reports", "/v1/mailboxes/ID/messages", "/v1/mailboxes/ID/messages/ID"],
    ]),
  );
  // Any two words: a single one may be in a header's name.
  const pairs = codename.slice(1).flatMap((word, at) => [" ", "-", ",", ""].map((between) => codename[at] + between + word));
  const canaries = [...Object.values(ANSWERS), again, "canary-in-a-file", ...files.map(({ name }) => name), ...pairs];
  expect(readable(stage.front.passed, canaries)).toEqual([]);
  await context.close();
});

test("a link that cannot be used, and a codename that nobody used", async () => {
  const page = await chromium.newPage({ ...NARROW, locale: "en" });
  const say = wordsOf("en");
  const walk = new Walk(page, say, (name) => careful(page, `en-narrow-${name}`, say("page-title")));
  await page.goto(stage.front.origin);
  await page.getByRole("heading", { name: say("page-stop") }).waitFor();
  await walk.at("link-refused");
  await page.close();

  const other = await chromium.newPage({ ...NARROW, locale: "en" });
  const back = new Walk(other, say);
  await back.comeBack(stage.link, "zoo zoo zoo zoo zoo zoo zoo useful");
  await other.getByText(say("return-nothing")).waitFor();
  await careful(other, "en-narrow-nothing-there", say("page-title"));
  await other.close();
});

test("at four times the size nothing is cut off", async () => {
  const context = await chromium.newContext({ ...ZOOMED, locale: "ru" });
  const page = await context.newPage();
  const walk = new Walk(page, wordsOf("ru"), (name) => noSidewaysScrolling(page, name));
  await walk.start(stage.link);
  await walk.answer(files);
  const codename = await walk.send();
  await page.goto("about:blank");
  await walk.comeBack(stage.link, codename.join(" "));
  await walk.heading("page-thread");
  await context.close();
});

test("what is readable on the way out is noticed", () => {
  const text = "x".repeat(20_000);
  const headers = { "x-note": Buffer.from("canary").toString("base64") };
  const passed = [{ method: "POST", path: "/", headers, body: Buffer.from(text) }];
  expect(readable(passed, ["canary", "other"])).toEqual(["canary"]);
});

test("what is stored, or is too wide, or cannot be seen is noticed", async () => {
  const page = await chromium.newPage(NARROW);
  const walk = new Walk(page, wordsOf("en"));
  await walk.start(stage.link);
  const noticed = async (spoil: () => void) => {
    await page.evaluate(spoil);
    await expect(careful(page, "en-spoilt", wordsOf("en")("page-title"))).rejects.toThrow();
    await page.reload();
    await page.getByRole("button", { name: walk.say("page-write") }).waitFor();
  };
  await noticed(() => (document.title = "A report"));
  await noticed(() => (document.body.style.width = "400px"));
  await noticed(() => (document.body.style.color = "#999"));
  await noticed(() => history.replaceState("draft", ""));
  await noticed(() => sessionStorage.setItem("draft", "what happened"));
  await page.close();
});
