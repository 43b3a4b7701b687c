import { expect, test } from "vitest";

import { foldName, isName, tidyName, uniqueName } from "../src/name.ts";
import { vectors } from "./vectors.ts";

interface Names {
  valid: string[];
  invalid: { name: string; why: string }[];
  tidy: { original: string; name: string }[];
  unique: { taken: string[]; name: string; becomes: string }[];
}

const names = vectors<Names>("names.json");

test("which names are valid", () => {
  for (const name of names.valid) expect(isName(name), name).toBe(true);
  for (const { name, why } of names.invalid) expect(isName(name), `${name}: ${why}`).toBe(false);
});

test("any text becomes a name", () => {
  for (const { original, name } of names.tidy) {
    expect(tidyName(original)).toBe(name);
    expect(isName(name)).toBe(true);
  }
});

test("names are kept apart", () => {
  for (const { taken, name, becomes } of names.unique) expect(uniqueName(name, taken), name).toBe(becomes);
});

test("names that differ in case alone are one", () => {
  for (const [a, b] of [
    ["STRASSE", "straße"],
    ["STRAẞE", "strasse"],
    ["ΣΊΣΥΦΟΣ", "σίσυφος"],
    ["é", "E\u0301"],
    ["ӘҒҚҢӨҰҮҺІ", "әғқңөұүһі"],
    ["ﬁle", "FILE"],
  ] as const) {
    expect(foldName(a), `${a} and ${b}`).toBe(foldName(b));
  }
  expect(foldName("a.jpg")).not.toBe(foldName("b.jpg"));
});
