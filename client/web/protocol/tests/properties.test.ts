/** What holds for whatever comes: everything that is read is read right, or refused in a word. */

import fc from "fast-check";
import { test } from "vitest";

import { fromBase64url, fromEitherBase64, fromHex, toBase64, toBase64url, toHex, utf8 } from "../src/bytes.ts";
import { brokenRule, readChange, textLength } from "../src/change.ts";
import { Codename } from "../src/codename.ts";
import { parseDay } from "../src/day.ts";
import { Envelope } from "../src/dsse.ts";
import { readLogObject } from "../src/entry.ts";
import { parseJson, type JsonObject } from "../src/json.ts";
import { DropLink } from "../src/link.ts";
import { foldName, isName, tidyName, uniqueName } from "../src/name.ts";
import { padme } from "../src/padme.ts";
import { receiptFromHeader } from "../src/receipt.ts";
import { Refused } from "../src/refused.ts";
import { precisionOf } from "../src/report.ts";

const text = fc.string({ unit: "binary", maxLength: 300 });

function always<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): void {
  fc.assert(fc.property(arbitrary, holds), { numRuns: 500 });
}

/** Whether a piece of work ends well, or in one of our own words. */
function isReadOrRefused(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    return error instanceof Refused;
  }
}

test("whatever is typed or sent is read or refused", () => {
  always(text, (typed) => isReadOrRefused(() => Codename.parse(typed)));
  always(text, (typed) => isReadOrRefused(() => DropLink.parse(typed)));
  always(text, (typed) => isReadOrRefused(() => DropLink.parse(`https://drop.example/#kua1${typed}`)));
  always(fc.uint8Array(), (bytes) => isReadOrRefused(() => parseJson(bytes)));
  always(fc.json(), (json) => isReadOrRefused(() => Envelope.parse(utf8(json))));
  always(fc.json(), (json) => isReadOrRefused(() => readLogObject(utf8(json))));
  always(text, (header) => isReadOrRefused(() => receiptFromHeader(header)));
  always(fc.json(), (json) => isReadOrRefused(() => receiptFromHeader(toBase64url(utf8(json)))));
  always(text, (date) => parseDay(date) === undefined || precisionOf(date) === "day");
});

test("every object is a change, and at worst an unknown one", () => {
  const code = fc.constantFrom("status", "severity", "label", "assignee", "note", "link", "reply", "undo", "grant-made");
  const field = fc.constantFrom("status", "severity", "label", "to", "text", "on", "message", "entry", "attachment");
  const change = fc.dictionary(field, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  always(fc.tuple(fc.option(code, { nil: undefined }), change), ([code, fields]) => {
    const read = readChange(JSON.parse(JSON.stringify({ ...fields, change: code })) as JsonObject);
    return read !== undefined && typeof (brokenRule(read) ?? "") === "string" && textLength(read) >= 0;
  });
});

test("JSON is read as the browser reads it, but for what is refused", () => {
  always(fc.json(), (json) => {
    try {
      return JSON.stringify(parseJson(utf8(json))) === JSON.stringify(JSON.parse(json));
    } catch (error) {
      return error instanceof Refused && /number|nested|half/.test(error.message);
    }
  });
});

test("a key that stands twice is found wherever it is", () => {
  const key = fc.string({ minLength: 1, maxLength: 8 });
  always(fc.tuple(key, fc.jsonValue({ maxDepth: 3 }), fc.array(key, { maxLength: 4 })), ([twice, value, path]) => {
    const pair = `${JSON.stringify(twice)}:${JSON.stringify(value)}`;
    const inner = `{${pair},"other":[{}],${pair}}`;
    const json = path.reduce((json, name) => `[1,{${JSON.stringify(name)}:${json}}]`, inner);
    return !isRead(() => parseJson(utf8(json)));
  });
});

test("bytes come back from their texts", () => {
  always(fc.uint8Array(), (bytes) => {
    const same = (other: Uint8Array | undefined) => other !== undefined && toHex(other) === toHex(bytes);
    const texts = [toBase64url(bytes), toBase64(bytes)] as const;
    return (
      same(fromHex(toHex(bytes), bytes.length)) && same(fromBase64url(texts[0])) && same(fromEitherBase64(texts[1]))
    );
  });
});

test("every name of a file can be kept, beside every other", () => {
  always(fc.array(text, { maxLength: 8 }), (originals) => {
    const names: string[] = [];
    for (const original of originals) names.push(uniqueName(tidyName(original), names));
    return names.every(isName) && new Set(names.map(foldName)).size === names.length;
  });
});

test("Padmé adds at most an eighth and never takes away", () => {
  always(fc.bigInt({ min: 0n, max: 1n << 53n }), (length) => {
    const padded = padme(length);
    return padded >= length && (padded - length) * 8n <= length && padme(padded) === padded;
  });
});

function isRead(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
