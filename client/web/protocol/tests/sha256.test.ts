/** SHA-256 comes out the same by whatever means a browser has. */

import { createHash } from "node:crypto";

import { afterEach, expect, test, vi } from "vitest";

import { toHex } from "../src/bytes.ts";
import { beginSha256, inPlainJavaScript, inWebAssembly, sha256OfWhole } from "../src/sha256.ts";
import { pieces } from "./page.ts";

afterEach(() => vi.unstubAllGlobals());

const lengths = [0, 1, 55, 56, 64, 9_999, 100_000];

test.each(lengths)("%d bytes, compiled, plain and the browser's own", async (length) => {
  const bytes = new Uint8Array(length).map((_, at) => at % 251);
  const expected = createHash("sha256").update(bytes).digest("hex");
  for (const digest of [await inWebAssembly(), inPlainJavaScript()]) {
    for await (const piece of pieces(bytes)) digest.update(piece);
    expect(toHex(digest.digest())).toBe(expected);
  }
  expect(toHex(await sha256OfWhole(bytes))).toBe(expected);
});

test("two digests at the same time know nothing of each other", async () => {
  const [one, other] = [await beginSha256(), await beginSha256()];
  one.update(Uint8Array.of(1));
  other.update(Uint8Array.of(2));
  one.update(Uint8Array.of(3));
  expect(toHex(one.digest())).toBe(createHash("sha256").update(Uint8Array.of(1, 3)).digest("hex"));
  expect(toHex(other.digest())).toBe(createHash("sha256").update(Uint8Array.of(2)).digest("hex"));
});

test("without WebAssembly and without the browser's own it is slower, and the same", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.stubGlobal("crypto", { subtle: undefined });
  const bytes = new Uint8Array(1000).fill(7);
  expect(toHex(await sha256OfWhole(bytes))).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("what is there and may not compile is done without", async () => {
  const forbidden = () => Promise.reject(new Error("wasm-unsafe-eval"));
  vi.stubGlobal("WebAssembly", { compile: forbidden, instantiate: forbidden });
  const digest = await beginSha256();
  digest.update(Uint8Array.of(1));
  expect(toHex(digest.digest())).toBe(createHash("sha256").update(Uint8Array.of(1)).digest("hex"));
});
