/** What people type as a codename is read alike everywhere, and refused for the same reason. */

import { wordlist } from "@scure/bip39/wordlists/english.js";
import { expect, test } from "vitest";

import { Codename } from "../src/codename.ts";
import { Refused } from "../src/refused.ts";
import { refusal, vectors } from "./vectors.ts";

interface Typed {
  words: string;
  typed: { about: string; typed: string }[];
  refused: { about: string; typed: string; why: string; found?: number; position?: number; word?: string }[];
  slips: { words: string; unnoticed: string[][] }[];
}

const { words, typed, refused, slips } = vectors<Typed>("typed.json");

test.each(typed)("$about", ({ typed }) => {
  expect(Codename.parse(typed).words().join(" ")).toBe(words);
});

test.each(refused)("$about is refused", ({ typed, why, found, position, word }) => {
  const { details, ...refused } = refusal(() => Codename.parse(typed));
  expect(refused.why).toBe(why);
  expect([details["found"], details["position"], details["typed"]]).toEqual([found, position, word]);
});

test.each(slips)("the slips in $words that pass unnoticed are these and no others", ({ words, unnoticed }) => {
  const right = words.split(" ");
  const passes = (position: number) => (other: string) => {
    try {
      Codename.parse(right.with(position, other).join(" "));
      return other !== right[position];
    } catch (error) {
      expect(error).toMatchObject({ why: "checksum" } satisfies Partial<Refused>);
      return false;
    }
  };
  expect(right.map((_, position) => wordlist.filter(passes(position)))).toEqual(unnoticed);
});
