/** Names of attachments: safe to write on every system, and never two for one file (protocol, "Tar"). */

import { utf8 } from "./bytes.ts";

const MAX_BYTES = 200;
/** The most bytes that an extension may have, dot included, to be kept when a name is cut. */
const MAX_EXTENSION = 20;
/** Marks, embeddings, overrides and isolates of the bidirectional algorithm: they make `exe` look like `jpg`. */
const TURNS_DIRECTION = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** Whether a name is NFC, 1 to 200 bytes, without slash, control character or leading dot. */
export function isName(name: string): boolean {
  const length = utf8(name).length;
  return length >= 1 && length <= MAX_BYTES && !/[/\\\p{Cc}]|^\./u.test(name) && name.normalize("NFC") === name;
}

/** Makes a name of any text, as close to it as the rules allow; the original belongs into `original_name`. */
export function tidyName(original: string): string {
  const kept = original
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/\p{Cc}/gu, "")
    .replace(TURNS_DIRECTION, "")
    .replace(/[/\\]/g, "_")
    .normalize("NFC");
  const name = kept.replace(/^[.\p{White_Space}]+/u, "").replace(/\p{White_Space}+$/u, "");
  const tidy = join(name, "");
  return isName(tidy) ? tidy : "file";
}

/** Adds " (2)", " (3)" and so on before the extension until the name is none of those taken. */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const folded = new Set(Array.from(taken, foldName));
  let unique = name;
  for (let number = 2; folded.has(foldName(unique)); number += 1) unique = join(name, ` (${number})`);
  return unique;
}

/**
 * The form in which two names are one where case makes no difference (Unicode, section 3.13, D145).
 *
 * JavaScript has no case folding. Down, up and down again keeps apart no two texts that folding makes one.
 */
export function foldName(name: string): string {
  const fold = (char: string) => char.toLowerCase().toUpperCase().toLowerCase();
  return Array.from(name.normalize("NFD"), fold).join("").normalize("NFD");
}

/** A name with a number before its extension, its stem cut between characters so that all of it fits. */
function join(name: string, number: string): string {
  const dot = name.lastIndexOf(".");
  const hasExtension = dot > 0 && utf8(name.slice(dot)).length <= MAX_EXTENSION;
  const [stem, extension] = hasExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const room = MAX_BYTES - utf8(number + extension).length;
  let kept = "";
  let used = 0;
  for (const char of stem) {
    used += utf8(char).length;
    if (used > room) break;
    kept += char;
  }
  return kept.replace(/\p{White_Space}+$/u, "") + number + extension;
}
