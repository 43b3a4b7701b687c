/** PNG (W3C, third edition): a row of chunks with checksums. */

import { concat } from "../bytes.ts";
import { nameAt, notUnderstood, type Cleaned } from "./cleaned.ts";
import { isBare, readExif, turned } from "./exif.ts";
import { readable, type Finding } from "./finding.ts";

const SIGNATURE = 8;
/** Length, name and checksum. */
const FRAME = 12;
/** Chunks without which the picture would look different. */
const PICTURE = new Set(
  ("IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD hIST pHYs cICP mDCV cLLI acTL fcTL fdAT").split(" "),
);

export function cleanPng(file: Uint8Array): Cleaned {
  const findings: Finding[] = [];
  const kept: Uint8Array[] = [];
  let orientation: number | undefined;
  let at = SIGNATURE;
  for (let kind = ""; kind !== "IEND"; ) {
    const chunk = chunkAt(file, at);
    kind = nameAt(chunk, 4);
    at += chunk.length;
    const contents = chunk.subarray(8, -4);
    if (PICTURE.has(kind)) {
      kept.push(chunk);
    } else if (kind === "eXIf") {
      const told = readExif(contents);
      orientation ??= told.orientation;
      if (!isBare(contents)) findings.push(...told.findings);
    } else {
      findings.push(tells(kind, contents));
    }
  }
  // After the header.
  if (orientation !== undefined) kept.splice(1, 0, written("eXIf", turned(orientation)));
  const after = file.length - at;
  if (after > 0) findings.push({ kind: "trailing", says: String(after) });
  return { bytes: concat(file.subarray(0, SIGNATURE), ...kept), findings };
}

/** The whole chunk at this place, its checksum compared. */
function chunkAt(file: Uint8Array, at: number): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (at + FRAME > file.length) throw notUnderstood("it is cut short");
  const length = view.getUint32(at);
  const chunk = file.subarray(at, at + FRAME + length);
  if (chunk.length !== FRAME + length) throw notUnderstood("it is cut short");
  if (checksum(chunk.subarray(4, -4)) !== view.getUint32(at + 8 + length)) throw notUnderstood("a checksum");
  return chunk;
}

function written(kind: string, contents: Uint8Array): Uint8Array {
  const chunk = concat(new Uint8Array(4), new TextEncoder().encode(kind), contents, new Uint8Array(4));
  const view = new DataView(chunk.buffer);
  view.setUint32(0, contents.length);
  view.setUint32(8 + contents.length, checksum(chunk.subarray(4, -4)));
  return chunk;
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 (section 5.5). */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What a chunk tells that is not of the picture. */
function tells(kind: string, contents: Uint8Array): Finding {
  if (["tEXt", "zTXt", "iTXt"].includes(kind)) return text(contents);
  if (kind === "tIME") return { kind: "time", says: time(contents) };
  if (kind === "iCCP") return { kind: "profile" };
  // An upper-case letter begins the name of what a reader must understand.
  if (/^[A-Z]/.test(kind)) throw notUnderstood("a chunk of an unknown kind");
  return { kind: "unknown", says: readable(new TextEncoder().encode(kind)) };
}

/** A text chunk: its keyword says what the text is about. */
function text(contents: Uint8Array): Finding {
  const zero = contents.indexOf(0);
  const keyword = readable(zero < 0 ? contents : contents.subarray(0, zero));
  const says = zero < 0 ? "" : readable(contents.subarray(zero + 1));
  if (["XML:com.adobe.xmp", "Raw profile type xmp", "Raw profile type iptc"].includes(keyword)) {
    return { kind: "history" };
  }
  if (keyword === "Author" || keyword === "Copyright") return { kind: "author", says };
  if (keyword === "Software") return { kind: "software", says };
  if (keyword === "Creation Time") return { kind: "time", says };
  return { kind: "comment", says: `${keyword}: ${says}` };
}

function time(contents: Uint8Array): string {
  if (contents.length !== 7) return "";
  const [high = 0, low = 0, ...rest] = contents;
  const [month, day, hour, minute, second] = rest.map((number) => String(number).padStart(2, "0"));
  return `${(high << 8) | low}-${month}-${day} ${hour}:${minute}:${second}`;
}
