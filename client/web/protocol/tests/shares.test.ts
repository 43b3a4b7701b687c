/** Recovery shares, restored from what the book says of them and with nothing of ours: the page has no use for them. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bech32m } from "@scure/base";
import { expect, test } from "vitest";

import { concat, toHex, utf8 } from "../src/bytes.ts";
import { SigningKey } from "../src/keys.ts";
import { hex, vectors } from "./vectors.ts";

interface Vectors {
  splits: Split[];
  refused: { about: string; text: string; why: "none" | "damaged" | "newer" }[];
}

interface Split {
  kind: "coordinator" | "root";
  seed: string;
  set: string;
  threshold: number;
  key: string;
  values: string[];
  shares: string[];
}

const { splits, refused } = vectors<Vectors>("shares.json");

interface Share {
  kind: Split["kind"];
  threshold: number;
  number: number;
  set: string;
  key: string;
  value: Uint8Array;
}

/** Version, kind, threshold, number, four bytes of the set, eight of the key's digest, and 32 values. */
function read(page: string): Share | "none" | "damaged" | "newer" {
  const text = /share1.*/s.exec(page.toLowerCase())?.[0].replace(/[\s-]/g, "").slice(0, 89);
  if (text === undefined) return "none";
  const words = bech32m.decodeUnsafe(text)?.words;
  const data = words && bech32m.fromWordsUnsafe(words);
  if (!data || data.length !== 48) return "damaged";
  const [version = 0, kind = 0, threshold = 0, number = 0] = data;
  if (version > 1) return "newer";
  const isNumber = (n: number, least: number) => n >= least && n <= 16;
  if (version !== 1 || kind > 1 || !isNumber(threshold, 2) || !isNumber(number, 1)) return "damaged";
  const [set, key, value] = [data.subarray(4, 8), data.subarray(8, 16), data.subarray(16)];
  return { kind: kind === 1 ? "root" : "coordinator", threshold, number, set: toHex(set), key: toHex(key), value };
}

function readAll(texts: readonly string[]): Share[] {
  return texts.map(read).filter((share) => typeof share === "object");
}

/** The product in GF(2⁸) with the modulus x⁸ + x⁴ + x³ + x² + 1. */
function product(a: number, b: number): number {
  let sum = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    sum = (sum << 1) ^ (sum & 0x80 ? 0x11d : 0) ^ ((b >> bit) & 1 ? a : 0);
  }
  return sum;
}

/** What a number times gives 1: its 254th power. */
function inverse(a: number): number {
  return Array<number>(254).fill(a).reduce(product, 1);
}

/** The values at 0 of the polynomials that go through these points (Lagrange); in this field minus is plus. */
function restore(shares: readonly Share[]): Uint8Array {
  const weights = shares.map(({ number }) =>
    shares
      .filter((other) => other.number !== number)
      .reduce((weight, other) => product(weight, product(other.number, inverse(other.number ^ number))), 1),
  );
  return Uint8Array.from({ length: 32 }, (_, at) =>
    shares.reduce((sum, { value }, share) => sum ^ product(value[at] ?? 0, weights[share] ?? 0), 0),
  );
}

function keyDigest(seed: Uint8Array, kind: Split["kind"]): string {
  const { publicKey } = SigningKey.derive(seed, `${kind}/sign`);
  return toHex(sha256(concat(utf8("kua/v1/share/key"), publicKey.bytes)).subarray(0, 8));
}

test("the field is the one that the book names", () => {
  expect([product(2, 0x80), product(0x53, 1), product(3, 7)]).toEqual([0x1d, 0x53, 9]);
  for (let a = 1; a < 256; a += 1) expect(product(a, inverse(a))).toBe(1);
});

test.each(splits)("a $kind's seed in shares of which $threshold are enough", (split) => {
  const { kind, seed, set, threshold, key, values } = split;
  const shares = readAll(split.shares);
  expect(shares).toEqual(
    values.map((value, at) => ({ kind, threshold, number: at + 1, set, key, value: hex(value) })),
  );
  for (let from = 0; from + threshold <= shares.length; from += 1) {
    expect(toHex(restore(shares.slice(from, from + threshold)))).toBe(seed);
    expect(toHex(restore(shares.slice(from + 1, from + threshold))), "one too few").not.toBe(seed);
  }
  expect(toHex(restore(shares.toReversed())), "all of them").toBe(seed);
  expect(keyDigest(hex(seed), kind)).toBe(key);
});

test("a share is found on its page, however it was typed", () => {
  const [text = ""] = splits[0]?.shares ?? [];
  const groups = text.match(/.{1,6}/g) ?? [];
  for (const typed of [text.toUpperCase(), `Share 1 of 5\n\n  ${groups.join(" ")}\n\nKeep it.`, groups.join("-\r\n")]) {
    expect(read(typed)).toEqual(read(text));
  }
});

test.each(refused)("$about is no share", ({ text, why }) => {
  expect(read(text)).toBe(why);
});
