/**
 * JSON as the protocol takes it: no key twice in one object, no number beyond ±(2^53−1), real text only.
 *
 * Two readers that resolve a doubled key differently would see two statements in the same signed bytes.
 */

import { Refused } from "./refused.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** How deep arrays and objects may stand in one another, as in the Rust code's reader. */
const MAX_DEPTH = 127;

/** Reads exactly these bytes. Refuses as `malformed`. */
export function parseJson(bytes: Uint8Array): Json {
  let text: string;
  let value: Json;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as Json;
  } catch {
    throw new Refused("malformed", "this is not JSON in UTF-8");
  }
  checkTokens(text);
  return value;
}

/** Whether a value is an object, and neither an array nor null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Walks through text that is JSON and looks at what `JSON.parse` lets pass. */
function checkTokens(text: string): void {
  // For each open object the keys so far, for each open array nothing.
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]|-?[0-9][0-9.eE+-]*/g)) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : undefined);
      isKey = token === "{";
      if (open.length > MAX_DEPTH) throw new Refused("malformed", "the JSON is nested too deeply");
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ",") {
      isKey = open.at(-1) !== undefined;
    } else if (token.startsWith('"')) {
      const string = JSON.parse(token) as string;
      if (/\p{Surrogate}/u.test(string)) throw new Refused("malformed", "a text holds half a character");
      if (!isKey) continue;
      isKey = false;
      const keys = open.at(-1);
      if (keys?.has(string)) throw new Refused("malformed", `the key ${token} stands twice in one object`);
      keys?.add(string);
    } else if (Math.abs(Number(token)) > Number.MAX_SAFE_INTEGER) {
      throw new Refused("malformed", "a number lies beyond ±(2^53−1)");
    }
  }
}
