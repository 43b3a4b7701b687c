import { expect, test } from "vitest";

import { utf8 } from "../src/bytes.ts";
import { parseJson } from "../src/json.ts";
import { whyRefused } from "./vectors.ts";

const parse = (text: string) => parseJson(utf8(text));

test("what is JSON is read as it stands", () => {
  expect(parse(' {"a": [1, -2.5e3, "\\u00e9,{\\"", true, null], "b": {"a": {}}} ')).toEqual({
    a: [1, -2500, 'é,{"', true, null],
    b: { a: {} },
  });
  expect(parse("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  // A key of this name is a key and nothing else.
  expect(Object.keys(parse('{"__proto__": 1}') as object)).toEqual(["__proto__"]);
});

test.each([
  ["a key twice", '{"a":1,"a":1}'],
  ["a key twice, deep inside", '[{"b":{"a":[{}],"c":"x","a":1}}]'],
  ["a key twice, once with an escape", '{"a":1,"\\u0061":1}'],
  ["a number beyond 2^53 - 1", "[9007199254740992]"],
  ["a negative number beyond", "-9007199254740992"],
  ["a number without end", "1e999"],
  ["half a character", '"\\ud83d"'],
  ["something after the end", "{} {}"],
  ["a byte order mark", "\ufeff{}"],
  ["too deep", "[".repeat(200) + "]".repeat(200)],
  ["nothing", ""],
])("%s is refused", (_, text) => {
  expect(whyRefused(() => parse(text))).toBe("malformed");
});

test("bytes that are not UTF-8 are refused", () => {
  expect(whyRefused(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22)))).toBe("malformed");
});

test("a long text is read", () => {
  expect(parse(JSON.stringify("\\\"ә".repeat(100_000)))).toHaveLength(300_000);
});
