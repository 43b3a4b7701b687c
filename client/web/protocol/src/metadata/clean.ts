/**
 * What an image tells besides its picture: found, shown to the person, and taken out without touching a pixel.
 *
 * The same rules as the Rust code's `kua-metadata`, whose documentation has the table of what may stay. Cleaning fails
 * closed: what cannot be understood to its last byte is refused, and the result is looked at once more.
 */

import { Refused } from "../refused.ts";
import { notUnderstood, type Cleaned } from "./cleaned.ts";
import { formatOf, type Format } from "./format.ts";
import { cleanJpeg } from "./jpeg.ts";
import { cleanPng } from "./png.ts";
import { cleanWebp } from "./webp.ts";

/** The largest file that is cleaned, in bytes: it is held in memory. */
export const LARGEST = 64 << 20;

const CLEANERS: Readonly<Record<Format, (file: Uint8Array) => Cleaned>> = {
  jpeg: cleanJpeg,
  png: cleanPng,
  webp: cleanWebp,
};

/** Takes out of an image what it tells besides its picture. Refuses as `not-understood`. */
export function clean(file: Uint8Array): Cleaned {
  if (file.length > LARGEST) throw new Refused("not-understood", "the image is too large to be cleaned here");
  const cleaned = once(file);
  const again = once(cleaned.bytes);
  const same = again.bytes.length === cleaned.bytes.length && again.bytes.every((byte, at) => byte === cleaned.bytes[at]);
  if (!same || again.findings.length > 0) throw notUnderstood("it is not clean after cleaning");
  return cleaned;
}

function once(file: Uint8Array): Cleaned {
  const format = formatOf(file);
  if (!format) throw notUnderstood("it is of another kind");
  return CLEANERS[format](file);
}
