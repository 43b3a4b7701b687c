/** What comes of cleaning one image of one format, and what the formats' readers share. */

import type { Bytes } from "../bytes.ts";
import { Refused } from "../refused.ts";
import type { Finding } from "./finding.ts";

export interface Cleaned {
  /** The bytes without what was found; the same bytes when nothing was. */
  readonly bytes: Bytes;
  /** What was found and taken out, in the order of the file. */
  readonly findings: readonly Finding[];
}

/** What is damaged, or not understood to its last byte, is never passed on as clean. */
export function notUnderstood(what: string): Refused {
  return new Refused("not-understood", `the image is damaged or unusual: ${what}`);
}

/** Whether bytes begin with this text of Latin letters. */
export function beginsWith(bytes: Uint8Array, text: string): boolean {
  return Array.from(text).every((letter, at) => bytes[at] === letter.charCodeAt(0));
}

/** Four bytes as the name of a chunk. */
export function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
