/** A drop that lies is stopped, and what it says is shown as text. */

import type { ServerResponse } from "node:http";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Envelope } from "../shared/src/dsse.ts";
import type { DropId } from "../shared/src/ids.ts";
import { SigningKey } from "../shared/src/keys.ts";
import { rosterOf } from "../shared/tests/page.ts";
import { browser, picture, Stage } from "./stage.ts";
import { Walk, wordsOf } from "./walk.ts";

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

const drop = "5f".repeat(16) as DropId;
const stranger = SigningKey.derive(new Uint8Array(32).fill(66), "root/sign");
const limits = { text: 65_536, whole_report: 2 ** 20, report: 2 ** 31, mailbox_objects: 500, open_uploads: 4 };

function json(value: unknown) {
  return (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
}

/** The page, when the drop answers so to its first question. */
async function shown(answer: (response: ServerResponse) => void): Promise<Page> {
  stage.front.instead = ({ url }) => (url === "/v1/drop" ? answer : undefined);
  const page = await chromium.newPage();
  await page.goto(stage.link);
  await page.getByRole("alert").waitFor();
  stage.front.instead = () => undefined;
  expect(await page.getByRole("button", { name: say("page-write") }).count()).toBe(0);
  return page;
}

test("another root's roster stops here, and there is no way around", async () => {
  const { payload } = rosterOf(drop, stranger.publicKey, stage.people);
  const roster = Envelope.sign("roster", payload, stranger);
  const page = await shown(json({ format: "kua-drop/1", drop, roster, limits }));
  await page.getByText(say("error-roster-other-root")).waitFor();
  expect(await page.getByRole("button", { name: say("page-try-again") }).count()).toBe(0);
  await picture(page, "en-hostile-other-root");
  await page.close();
});

test("a roster that was changed stops here", async () => {
  const form = rosterOf(drop, stranger.publicKey, stage.people).toJSON();
  const changed = Buffer.from(form.payload, "base64").toString().replace("Steppe", "Steppa");
  const roster = { ...form, payload: Buffer.from(changed).toString("base64") };
  const page = await shown(json({ format: "kua-drop/1", drop, roster, limits }));
  await page.getByRole("heading", { name: say("page-stop") }).waitFor();
  await page.close();
});

test("nonsense stops here", async () => {
  const nonsense = [{ format: "kua-drop/9" }, "<script>alert(1)</script>", { more: "x".repeat(2 << 20) }];
  for (const answer of nonsense) await (await shown(json(answer))).close();
});

test("a link without its fingerprint, or with a mistyped one, says what to do", async () => {
  const page = await chromium.newPage();
  await page.goto(stage.front.origin);
  await page.getByText(say("page-link-incomplete")).waitFor();
  await page.goto(stage.link.slice(0, -1) + (stage.link.endsWith("q") ? "p" : "q"));
  await page.getByText(say("error-link-mistyped")).waitFor();
  await page.close();
});

test("markup in the roster's names is text", async () => {
  const page = await chromium.newPage();
  await page.goto(stage.link);
  await page.getByText("Marat <b>bold</b>").waitFor();
  expect(await page.locator("main b").count()).toBe(0);
  await page.close();
});

test("a nonce that would say more than a nonce is not signed, and a claim is no receipt", async () => {
  const page = await chromium.newPage();
  const walk = new Walk(page, say);
  await walk.start(stage.link);
  await walk.press("page-write");
  await walk.heading("page-what");
  await page.getByLabel(say("page-what")).fill("They came at night.");
  await walk.press("page-skip");
  await walk.heading("page-check");
  const signed: string[] = [];
  stage.front.instead = ({ url, headers }) => {
    if (url !== "/v1/reports") return undefined;
    signed.push(String(headers["signature-input"]));
    const nonce = 'x";tag="kua1:00000000000000000000000000000000';
    const [status, type] = signed.length === 1 ? ([401, "application/problem+json"] as const) : ([200, "application/json"] as const);
    return (response) => {
      response.writeHead(status, { "content-type": type, "kua-nonce": nonce });
      response.end(JSON.stringify({ type: "urn:kua:problem:unauthorised", title: "no", status }));
    };
  };
  await walk.go();
  await walk.heading("page-codename");
  const codename = await page.locator(".codename li").allTextContents();
  await walk.press("page-codename-have");
  await walk.heading("page-confirm");
  // Without the words nothing is sent.
  await walk.press("page-send");
  await page.getByRole("alert").waitFor();
  expect(signed).toEqual([]);
  for (const [at, word] of codename.entries()) {
    const field = page.getByLabel(say("page-confirm-word", { number: at + 1 }));
    if (await field.count()) await field.fill(word);
  }
  await walk.press("page-send");
  await page.getByText(say("page-dishonest")).waitFor();
  expect(signed).toHaveLength(2);
  expect(signed.every((field) => field.match(/tag=/g)?.length === 1)).toBe(true);
  await picture(page, "en-hostile-not-sent");

  // Honest again: what was written is still there, and goes out under the same codename.
  stage.front.instead = () => undefined;
  await walk.press("page-try-again");
  await walk.heading("page-done");
  await page.close();
});
