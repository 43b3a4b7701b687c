import { inspect } from "node:util";

import { wordlist } from "@scure/bip39/wordlists/english.js";
import { afterEach, expect, test, vi } from "vitest";

import { inPlainJavaScript, inWebAssembly } from "../src/argon2id.ts";
import { toHex } from "../src/bytes.ts";
import { Codename } from "../src/codename.ts";
import type { DropId } from "../src/ids.ts";
import { SubmitterKeys } from "../src/mailbox.ts";
import { refusal, vectors, whyRefused } from "./vectors.ts";

interface Vector {
  entropy: string;
  words: string;
  typed: string[];
  drop: DropId;
  root: string;
  identity: string;
  recipient: string;
  signing: string;
  mailbox: string;
}

const cases = vectors<Vector[]>("codename.json");
const words = cases[0]?.words ?? "";

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(cases)("$words: however it is typed, the same keys follow", async (vector) => {
  for (const typed of [vector.words, ...vector.typed]) {
    expect(Codename.parse(typed).words().join(" "), typed).toBe(vector.words);
  }
  const codename = Codename.parse(vector.words);
  expect(toHex(await codename.root(vector.drop))).toBe(vector.root);
  const keys = await SubmitterKeys.derive(codename, vector.drop);
  expect(keys.identity.expose()).toBe(vector.identity);
  expect(keys.identity.recipient).toBe(vector.recipient);
  expect(toHex(keys.signing.publicKey.bytes)).toBe(vector.signing);
  expect(keys.mailbox).toBe(vector.mailbox);
});

test("where nothing may be compiled, the same root comes more slowly", async () => {
  const [vector] = cases;
  if (!vector) throw new Error("no vector");
  vi.stubGlobal("WebAssembly", undefined);
  expect(toHex(await Codename.parse(vector.words).root(vector.drop))).toBe(vector.root);
});

test("where a policy forbids to compile, the same root comes too", async () => {
  const [vector] = cases;
  if (!vector) throw new Error("no vector");
  const forbidden = () => Promise.reject(new Error("forbidden by the page's policy"));
  vi.stubGlobal("WebAssembly", { compile: forbidden, instantiate: forbidden });
  expect(toHex(await Codename.parse(vector.words).root(vector.drop))).toBe(vector.root);
});

test("both ways of stretching agree at other costs", async () => {
  const [password, salt] = [new Uint8Array(10).fill(1), new Uint8Array(16).fill(2)];
  const cost = { memory: 256, passes: 3, lanes: 4 };
  expect(await inWebAssembly(password, salt, cost)).toEqual(inPlainJavaScript(password, salt, cost));
});

test("errors say which word and what it may have been", () => {
  const typed = words.split(" ");
  const refuse = (word: string) => refusal(() => Codename.parse(typed.with(2, word).join(" ")));
  expect(refuse("abandno")).toMatchObject({ why: "unknown-word", details: { position: 3, suggestions: ["abandon"] } });
  expect(refuse("қазақстан").details).toEqual({ position: 3, typed: "қазақстан", suggestions: [] });
  // Three letters are not enough, and five that are no word are too many.
  for (const almost of ["aba", "aband"]) expect(refuse(almost).why).toBe("unknown-word");
  expect(refusal(() => Codename.parse(typed.slice(1).join(" "))).details).toEqual({ found: 7 });
  expect(refusal(() => Codename.parse("")).details).toEqual({ found: 0 });
});

test("a wrong word is noticed 255 times in 256", () => {
  const rest = words.split(" ").slice(1).join(" ");
  const passed = wordlist.filter((word) => {
    try {
      Codename.parse(`${word} ${rest}`);
      return true;
    } catch {
      return false;
    }
  });
  expect(passed.length).toBeGreaterThan(0);
  expect(passed.length).toBeLessThan(21);
});

test("a new codename is another one, reads back and does not show", () => {
  const [one, other] = [Codename.generate(), Codename.generate()];
  expect(one.words()).not.toEqual(other.words());
  expect(Codename.parse(one.words().join(" ")).words()).toEqual(one.words());
  expect(inspect(one) + JSON.stringify(one)).toBe("Codename {}{}");
  const before = one.words();
  one.forget();
  expect(one.words()).not.toEqual(before);
  expect(whyRefused(() => Codename.parse(before.toReversed().concat("x").join(" ")))).toBe("word-count");
});
