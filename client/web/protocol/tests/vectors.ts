/** The test vectors that the Rust code reads too. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect } from "vitest";

import { fromHex, type Bytes } from "../src/bytes.ts";
import { Refused, type Why } from "../src/refused.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A path inside the repository. */
export function repository(path: string): string {
  return root + path;
}

/** The bytes of a file under `tests/vectors/`. */
export function vectorBytes(path: string): Bytes {
  return new Uint8Array(readFileSync(repository(`tests/vectors/${path}`)));
}

/** A JSON file under `tests/vectors/`; its form is that of its Rust reader. */
export function vectors<T>(path: string): T {
  return JSON.parse(new TextDecoder().decode(vectorBytes(path))) as T;
}

/** Hex that is known to be some. */
export function hex(text: string): Bytes {
  const bytes = fromHex(text, text.length / 2);
  if (!bytes) throw new Error(`${text} is not hex`);
  return bytes;
}

/** Why something was refused. */
export function whyRefused(work: () => unknown): Why {
  return refusal(work).why;
}

/** The refusal that a piece of work must end in. */
export function refusal(work: () => unknown): Refused {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(Refused);
    return error as Refused;
  }
  throw new Error("this was not refused");
}

/** The refusal that a promise must end in. */
export async function laterRefusal(work: Promise<unknown>): Promise<Refused> {
  const error: unknown = await work.then(
    () => new Error("this was not refused"),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(Refused);
  return error as Refused;
}
