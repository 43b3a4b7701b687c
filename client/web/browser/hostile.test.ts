/** A drop that lies is stopped, and what it says is shown as text. */

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { toBase64url, utf8 } from "@kua/protocol/bytes.ts";
import { today } from "@kua/protocol/day.ts";
import { Envelope } from "@kua/protocol/dsse.ts";
import { objectIdOf, type DropId } from "@kua/protocol/ids.ts";
import { SigningKey } from "@kua/protocol/keys.ts";
import { rosterOf } from "../protocol/tests/page.ts";
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

afterEach(() => {
  stage.front.instead = () => undefined;
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
  const deep = (response: ServerResponse) => void response.writeHead(200).end("[".repeat(900_000));
  await (await shown(deep)).close();
});

test("an answer without an end is not read for ever", async () => {
  const piece = Buffer.alloc(1 << 16, " ");
  let sent = 0;
  let ended = false;
  const page = await shown((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.on("close", () => (ended = true));
    const more = () => {
      while (!ended && response.write(piece)) sent += piece.length;
    };
    response.on("drain", more);
    more();
  });
  await expect.poll(() => ended).toBe(true);
  // What was under way in buffers counts too.
  expect(sent).toBeLessThan(64 << 20);
  await page.close();
});

test("an answer that comes in drops can be waited for, or left", async () => {
  const page = await chromium.newPage();
  let response: ServerResponse | undefined;
  stage.front.instead = ({ url }) => (url === "/v1/drop" ? (slow) => void (response = slow) : undefined);
  await page.goto(stage.link);
  await expect.poll(() => response !== undefined).toBe(true);
  const honest = Buffer.from(await (await fetch(`${stage.front.drop.origin}/v1/drop`)).arrayBuffer());
  response?.writeHead(200, { "content-type": "application/json" });
  for (let at = 0; at < honest.length; at += 1000) {
    response?.write(honest.subarray(at, at + 1000));
    await page.getByText(say("page-checking")).waitFor();
    expect(await page.getByRole("button", { name: say("page-leave") }).isEnabled()).toBe(true);
  }
  response?.end();
  await page.getByRole("button", { name: say("page-write") }).waitFor();
  await page.close();
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

/** Someone who wrote a report, and has only to send it. */
async function readyToSend(): Promise<Walk> {
  const walk = new Walk(await chromium.newPage(), say);
  await walk.start(stage.link);
  await walk.answerLeast();
  await walk.typeWords(await walk.toConfirm());
  return walk;
}

/** Honest again: what was written is still there, and goes out under the same codename. */
async function sendAfterAll(walk: Walk): Promise<void> {
  stage.front.instead = () => undefined;
  await walk.press("page-try-again");
  await walk.heading("page-done");
  await walk.page.close();
}

test("without the two words nothing is sent", async () => {
  const page = await chromium.newPage();
  const walk = new Walk(page, say);
  await walk.start(stage.link);
  await walk.answerLeast();
  await walk.toConfirm();
  stage.front.passed.length = 0;
  await walk.press("page-send");
  await page.getByRole("alert").waitFor();
  expect(stage.front.passed).toEqual([]);
  await page.close();
});

test("a nonce that would say more than a nonce is not signed, and a claim is no receipt", async () => {
  const walk = await readyToSend();
  const nonces = ['x";tag="kua1:00000000000000000000000000000000', "x".repeat(8000)];
  const signed: string[] = [];
  stage.front.instead = ({ url, headers }) => {
    if (url !== "/v1/reports") return undefined;
    const nonce = nonces[Math.floor(signed.length / 2)] ?? "";
    const [status, type] = signed.length % 2 === 0 ? ([401, "application/problem+json"] as const) : ([200, "application/json"] as const);
    signed.push(String(headers["signature-input"]));
    return (response) => {
      response.writeHead(status, { "content-type": type, "kua-nonce": nonce });
      response.end(JSON.stringify({ type: "urn:kua:problem:unauthorised", title: "no", status }));
    };
  };
  for (const [at, button] of ["page-send", "page-try-again"].entries()) {
    await walk.press(button);
    await expect.poll(() => signed.length).toBe(2 * at + 2);
    await walk.page.getByText(say("page-dishonest")).waitFor();
  }
  expect(signed.every((field) => field.match(/tag=/g)?.length === 1 && field.length < 500)).toBe(true);
  await picture(walk.page, "en-hostile-not-sent");
  await sendAfterAll(walk);
});

test("a receipt for another report, or by another key, is none", async () => {
  const walk = await readyToSend();
  await walk.press("page-send");
  await walk.heading("page-done");
  await walk.page.close();
  const [genuine = ""] = stage.front.receipts.slice(-1);
  expect(genuine).not.toBe("");
  const byAStranger = (body: Buffer) => {
    const id = stage.id;
    const statement = { drop: id, report: objectIdOf(body), size: body.length, day: today() };
    return toBase64url(utf8(JSON.stringify(Envelope.sign("receipt", utf8(JSON.stringify(statement)), stranger))));
  };
  for (const receiptOf of [() => genuine, byAStranger]) {
    const next = await readyToSend();
    stage.front.instead = (incoming) => {
      if (incoming.url !== "/v1/reports") return undefined;
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      return (response) => {
        incoming.on("end", () => response.writeHead(200, { "kua-receipt": receiptOf(Buffer.concat(parts)) }).end());
      };
    };
    await next.press("page-send");
    await next.page.getByText(say("page-dishonest")).waitFor();
    await sendAfterAll(next);
  }
});

describe("a drop that sends elsewhere", () => {
  const asked: string[] = [];
  const elsewhere = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end("{}");
  });

  beforeAll(async () => {
    elsewhere.listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
  });

  afterAll(() => void elsewhere.close());

  /** Answers requests with such a path by pointing at the other server. */
  function redirect(path: RegExp): void {
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/elsewhere`;
    stage.front.instead = ({ url = "" }) => {
      if (!path.test(url)) return undefined;
      return (response) => response.writeHead(307, { location, "access-control-allow-origin": "*" }).end();
    };
  }

  test("its roster is not fetched there, by the hosted page or by the file", async () => {
    redirect(/^\/v1\/drop$/);
    const page = await chromium.newPage();
    await page.goto(stage.link);
    await page.getByText(say("page-unreachable")).waitFor();
    await page.goto(new URL("../dist/offline.html", import.meta.url).href);
    await page.getByLabel(say("page-link")).fill(stage.link);
    await page.getByRole("button", { name: say("page-continue") }).click();
    await page.getByRole("alert").getByText(say("page-unreachable")).waitFor();
    expect(asked).toEqual([]);
    await page.close();
  });

  test("what was written does not go there", async () => {
    const walk = await readyToSend();
    redirect(/^\/v1\/reports$/);
    await walk.press("page-send");
    await walk.page.getByText(say("submit-waiting")).waitFor();
    expect(asked).toEqual([]);
    stage.front.instead = () => undefined;
    await walk.heading("page-done");
    await walk.page.close();
  });
});
