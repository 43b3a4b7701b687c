/** JPEG (ITU-T T.81): segments up to the first scan, then scans with tables between them, then the end marker. */

import { concat, utf8 } from "../bytes.ts";
import { isBare, readExif, turned } from "./exif.ts";
import { readable, type Finding } from "./finding.ts";
import { beginsWith, notUnderstood, type Cleaned } from "./cleaned.ts";

const MARKER = 0xff;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP13 = 0xed;
const APP14 = 0xee;
const COM = 0xfe;
const EXIF = "Exif\0\0";
/** JFIF's segment without a thumbnail, in bytes. */
const JFIF_LENGTH = 14;
/** Adobe's segment, which says how colours are coded, in bytes. */
const ADOBE_LENGTH = 12;

interface Segment {
  readonly marker: number;
  readonly contents: Uint8Array;
}

export function cleanJpeg(file: Uint8Array): Cleaned {
  const findings: Finding[] = [];
  const kept: Segment[] = [];
  let orientation: number | undefined;
  let at = 2;
  for (;;) {
    const segment = segmentAt(file, at);
    if (segment.marker === SOS) break;
    const stays = keep(segment, findings, (turn) => (orientation ??= turn));
    if (stays) kept.push({ marker: segment.marker, contents: stays });
    at += 4 + segment.contents.length;
  }
  const rest = scans(file.subarray(at), findings);
  if (orientation !== undefined) {
    // After JFIF's segment, which comes first where there is one.
    const place = kept[0]?.marker === APP0 ? 1 : 0;
    kept.splice(place, 0, { marker: APP1, contents: concat(utf8(EXIF), turned(orientation)) });
  }
  return { bytes: concat(Uint8Array.of(MARKER, SOI), ...kept.map(written), ...rest), findings };
}

/** The segment at this place; its length counts itself. */
function segmentAt(bytes: Uint8Array, at: number): Segment {
  const [first, marker = 0, high = 0, low = 0] = bytes.subarray(at, at + 4);
  if (first === undefined) throw notUnderstood("it has no picture");
  // Fill bytes and stray markers may hide something.
  if (first !== MARKER || marker === MARKER) throw notUnderstood("bytes between its segments");
  const length = (high << 8) | low;
  const contents = bytes.subarray(at + 4, at + 2 + length);
  if (length < 2 || contents.length !== length - 2) throw notUnderstood("it is cut short");
  return { marker, contents };
}

function written({ marker, contents }: Segment): Uint8Array {
  const length = contents.length + 2;
  return concat(Uint8Array.of(MARKER, marker, length >> 8, length & 0xff), contents);
}

/** Tables and frames, without which there is no picture. */
function isPicture(marker: number): boolean {
  // Frames, Huffman and arithmetic tables; quantisation, number of lines, restart interval, hierarchy.
  return (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) || (marker >= 0xdb && marker <= 0xdf);
}

/** What stays of a segment before the first scan. */
function keep({ marker, contents }: Segment, findings: Finding[], turn: (orientation?: number) => void) {
  const begins = (text: string) => beginsWith(contents, text);
  if (isPicture(marker)) return contents;
  if (marker === APP0 && begins("JFIF\0") && contents.length >= JFIF_LENGTH) {
    const bare = contents.slice(0, JFIF_LENGTH).fill(0, JFIF_LENGTH - 2);
    const same = contents.length === JFIF_LENGTH && bare.every((byte, at) => byte === contents[at]);
    if (!same) findings.push({ kind: "thumbnail" });
    return bare;
  }
  if (marker === APP14 && begins("Adobe") && contents.length === ADOBE_LENGTH) return contents;
  if (marker === APP1 && begins(EXIF)) {
    const block = contents.subarray(EXIF.length);
    const told = readExif(block);
    turn(told.orientation);
    if (!isBare(block)) findings.push(...told.findings);
  } else if ((marker === APP1 && begins("http://ns.adobe.com/")) || marker === APP13) {
    findings.push({ kind: "history" });
  } else if (marker === APP2 && begins("ICC_PROFILE\0")) {
    findings.push({ kind: "profile" });
  } else if (marker === APP2 && begins("MPF\0")) {
    findings.push({ kind: "thumbnail" });
  } else {
    findings.push(remark(marker, contents));
  }
  return undefined;
}

/** A comment, or something that a program left there. */
function remark(marker: number, contents: Uint8Array): Finding {
  if (marker === COM) return { kind: "comment", says: readable(contents) };
  if (marker >= APP0 && marker <= 0xef) return { kind: "unknown", says: `APP${marker - APP0}` };
  throw notUnderstood("a segment of an unknown kind");
}

/** The scans from the first one's marker on, the tables between them, and the end marker; nothing else. */
function scans(bytes: Uint8Array, findings: Finding[]): Uint8Array[] {
  const kept: Uint8Array[] = [];
  for (let at = 0; ; ) {
    if (bytes[at] === MARKER && bytes[at + 1] === EOI) {
      kept.push(bytes.subarray(at, at + 2));
      const after = bytes.length - at - 2;
      if (after > 0) findings.push({ kind: "trailing", says: String(after) });
      return kept;
    }
    const { marker, contents } = segmentAt(bytes, at);
    const end = at + 4 + contents.length;
    if (marker === SOS) {
      const next = endOfEntropy(bytes, end);
      kept.push(bytes.subarray(at, next));
      at = next;
      continue;
    }
    if (isPicture(marker)) kept.push(bytes.subarray(at, end));
    else findings.push(remark(marker, contents));
    at = end;
  }
}

/** Where coded data ends: 0xff is followed by a zero there, or by the number of a restart. */
function endOfEntropy(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(MARKER, from); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw notUnderstood("it is cut short");
}
