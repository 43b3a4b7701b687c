/** Sending over lines that break, against a drop in memory that forgets, lies and hangs up. */

import { sha256 } from "@noble/hashes/sha2.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { concat, toBase64, toBase64url, utf8, type Bytes } from "../src/bytes.ts";
import { Connection } from "../src/connection.ts";
import { today } from "../src/day.ts";
import { Envelope } from "../src/dsse.ts";
import { objectIdOf, type DropId } from "../src/ids.ts";
import { SigningKey } from "../src/keys.ts";
import type { Sealed } from "../src/seal.ts";
import { VerifiedRoster } from "../src/roster.ts";
import { inPortions, PORTION, send, type Sealable, type Sender } from "../src/upload.ts";
import { fingerprint, person, pieces, rosterOf } from "./page.ts";
import { laterRefusal } from "./vectors.ts";

const drop = "5f".repeat(16) as DropId;
const seed = new Uint8Array(32).fill(2);
const dropKey = SigningKey.derive(seed, "drop/receipt");
const mailboxKey = SigningKey.derive(seed, "submitter/sign");

/** A drop that keeps what it was sent, and does what a test wants of it before it answers. */
class Memory {
  readonly asked: string[] = [];
  held = new Uint8Array();
  length = 0;
  token = 0;
  /** What happens to the next requests of this method, one after another. */
  readonly mishaps: Record<string, (() => Response | "cut" | "forgotten" | undefined)[]> = {};
  receiptOf: (bytes: Uint8Array) => string = (bytes) => receipt(bytes, bytes.length);

  answer = async (address: string | URL | globalThis.Request, options: RequestInit = {}): Promise<Response> => {
    const { method = "GET" } = options;
    const path = new URL(String(address)).pathname;
    const headers = new Headers(options.headers);
    const body = options.body ? new Uint8Array(options.body as Bytes) : new Uint8Array();
    this.asked.push(`${method} ${path}`);
    const mishap = this.mishaps[method]?.shift()?.();
    if (mishap instanceof Response) return mishap;
    if (mishap === "forgotten") this.token += 1;
    if (mishap === "cut") {
      // Half of it arrived, and nobody says so.
      if (method === "PATCH") this.#take(body.subarray(0, body.length / 2));
      throw new TypeError("network error");
    }
    if (method === "POST" && path === "/v1/reports") return this.#taken(200, body);
    if (method === "POST") {
      this.token += 1;
      this.held = new Uint8Array();
      this.length = Number(headers.get("upload-length"));
      return new Response(null, { status: 201, headers: { location: `/v1/uploads/t${this.token}` } });
    }
    if (path !== `/v1/uploads/t${this.token}`) return new Response(null, { status: 404 });
    if (method === "PATCH") {
      expect(headers.get("upload-offset")).toBe(String(this.held.length));
      expect(headers.get("upload-checksum")).toBe(`sha256 ${toBase64(sha256(body))}`);
      expect(body.length).toBeLessThanOrEqual(PORTION);
      this.#take(body);
    }
    return this.#taken(method === "PATCH" ? 204 : 200, this.held);
  };

  #take(bytes: Uint8Array): void {
    const held = new Uint8Array(this.held.length + bytes.length);
    held.set(this.held);
    held.set(bytes, this.held.length);
    this.held = held;
  }

  #taken(status: number, bytes: Uint8Array): Response {
    const whole = status === 200 && this.length === 0 ? true : bytes.length === this.length;
    const headers: Record<string, string> = { "upload-offset": String(bytes.length) };
    if (whole) headers["kua-receipt"] = this.receiptOf(bytes);
    return new Response(null, { status, headers });
  }
}

function receipt(bytes: Uint8Array, size: number): string {
  const statement = { drop, report: objectIdOf(bytes), size, day: today() };
  return toBase64url(utf8(JSON.stringify(Envelope.sign("receipt", utf8(JSON.stringify(statement)), dropKey))));
}

/** Other bytes each time, as sealing gives. */
class Report implements Sealable {
  sealings = 0;
  constructor(readonly sealedLength: number) {}
  get paddedLength(): number {
    return this.sealedLength;
  }
  async *seal(): AsyncGenerator<Uint8Array, Sealed> {
    this.sealings += 1;
    const bytes = new Uint8Array(this.sealedLength).fill(this.sealings);
    yield* pieces(bytes);
    return { id: objectIdOf(bytes), size: bytes.length };
  }
}

let memory: Memory;
let to: Sender;
const watch = { sent: vi.fn(), waiting: vi.fn() };
const LARGE = 2 * PORTION + 12_345;

beforeEach(async () => {
  memory = new Memory();
  vi.stubGlobal("fetch", memory.answer);
  // Pauses are over at once.
  vi.stubGlobal("setTimeout", (done: () => void) => setImmediate(done));
  const roster = VerifiedRoster.verify(rosterOf(drop, dropKey.publicKey, [await person("A", seed)]), fingerprint);
  const limits = { text: 65_536, wholeReport: 2 ** 20, report: 2 ** 31, mailboxObjects: 500, openUploads: 4, retentionDays: 180 };
  const connection = new Connection("https://drop.example/");
  const first = new Response(null, { headers: { "kua-nonce": "bm9uY2U" } });
  memory.mishaps["GET"] = [() => first];
  await connection.send({ method: "GET", path: "/v1/drop" });
  memory.asked.length = 0;
  to = { connection, drop: { roster, limits }, by: { key: mailboxKey, drop } };
  watch.sent.mockClear();
  watch.waiting.mockClear();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a small report is one request, and a large one is portions", async () => {
  await send(to, new Report(1000), watch);
  expect(memory.asked).toEqual(["POST /v1/reports"]);
  memory.asked.length = 0;
  const { receipt } = await send(to, new Report(LARGE), watch);
  expect(receipt.size).toBe(LARGE);
  expect(memory.asked).toEqual(["POST /v1/uploads", ...Array<string>(3).fill("PATCH /v1/uploads/t1")]);
  expect(watch.sent.mock.calls.map(([bytes]) => bytes as number).slice(1)).toEqual([PORTION, 2 * PORTION, LARGE]);
});

test("what was cut goes on where the drop says", async () => {
  const cut = () => "cut" as const;
  memory.mishaps["POST"] = [cut];
  memory.mishaps["PATCH"] = [cut, () => undefined, cut];
  memory.mishaps["HEAD"] = [cut];
  const report = new Report(LARGE);
  await send(to, report, watch);
  expect(report.sealings, "never a second time").toBe(1);
  expect(watch.waiting).toHaveBeenCalledTimes(4);
  expect(objectIdOf(memory.held)).toBe(objectIdOf(new Uint8Array(LARGE).fill(1)));
});

test("a small report whose answer was lost is sent again as the same bytes", async () => {
  memory.mishaps["POST"] = [() => "cut", () => new Response(null, { status: 503 })];
  const report = new Report(1000);
  await send(to, report, watch);
  expect([report.sealings, memory.asked.length]).toEqual([1, 3]);
});

test("what the drop forgot is sealed anew, and not for ever", async () => {
  memory.mishaps["PATCH"] = [() => undefined, () => "forgotten"];
  const report = new Report(LARGE);
  await send(to, report, watch);
  expect(report.sealings).toBe(2);
  expect(objectIdOf(memory.held)).toBe(objectIdOf(new Uint8Array(LARGE).fill(2)));

  memory.mishaps["PATCH"] = Array<() => "forgotten">(9).fill(() => "forgotten");
  const again = new Report(LARGE);
  expect((await laterRefusal(send(to, again, watch))).why).toBe("lost");
  expect(again.sealings).toBe(3);
});

test("a drop that loses acknowledged bytes, or names another host, is not trusted", async () => {
  const backwards = new Response(null, { status: 204, headers: { "upload-offset": "5" } });
  memory.mishaps["PATCH"] = [() => undefined, () => backwards];
  expect((await laterRefusal(send(to, new Report(LARGE), watch))).why).toBe("dishonest");

  for (const location of ["https://other.example/v1/uploads/a", "//other.example/v1/uploads/a", "/v1/uploads/a?b", ""]) {
    memory.mishaps["POST"] = [() => new Response(null, { status: 201, headers: { location } })];
    expect((await laterRefusal(send(to, new Report(LARGE), watch))).why, location).toBe("dishonest");
  }
});

test("a receipt is for these bytes, or it is none", async () => {
  const claims = [() => "", (bytes: Uint8Array) => receipt(bytes, 1), () => receipt(utf8("other"), 1000)];
  for (const claim of claims) {
    memory.receiptOf = claim;
    expect((await laterRefusal(send(to, new Report(1000), watch))).why).toBe("dishonest");
    expect((await laterRefusal(send(to, new Report(LARGE), watch))).why).toBe("dishonest");
  }
});

test("what will not pass is not tried again", async () => {
  const full = { type: "urn:kua:problem:mailbox-full", title: "full", status: 429 };
  memory.mishaps["POST"] = [() => new Response(JSON.stringify(full), { status: 429 })];
  const refused = await laterRefusal(send(to, new Report(1000), watch));
  expect(refused).toMatchObject({ why: "problem", details: { kind: "mailbox-full", status: 429 } });
  expect(memory.asked).toHaveLength(1);
});

test("a drop without room, and a proxy's word in its place, are waited out", async () => {
  const full = JSON.stringify({ type: "urn:kua:problem:no-space", title: "full", status: 507 });
  memory.mishaps["POST"] = [
    () => new Response(full, { status: 507 }),
    () => new Response("<h1>Too many requests</h1>", { status: 429 }),
  ];
  await send(to, new Report(1000), watch);
  expect(memory.asked).toHaveLength(3);
});

test("an error while sealing ends the upload", async () => {
  const report = new Report(LARGE);
  report.seal = async function* () {
    yield new Uint8Array(PORTION);
    throw new Error("the file is gone");
  };
  await expect(send(to, report, watch)).rejects.toThrow("the file is gone");
  expect(memory.asked.at(-1)).toBe("DELETE /v1/uploads/t1");
});

test("portions are of one size, and the end says what the stream said", async () => {
  for (const length of [0, 1, 99, 100, 101, 250]) {
    async function* stream(): AsyncGenerator<Uint8Array, string> {
      yield* pieces(new Uint8Array(length).map((_, at) => at));
      return "end";
    }
    const parts: Uint8Array[] = [];
    const portions = inPortions(stream(), 100);
    for (;;) {
      const { done, value } = await portions.next();
      if (done) {
        expect(value).toBe("end");
        break;
      }
      // It lasts until the next one is asked for.
      parts.push(value.slice());
    }
    expect(parts.slice(0, -1).every((part) => part.length === 100)).toBe(true);
    expect(concat(...parts)).toEqual(new Uint8Array(length).map((_, at) => at));
  }
});
