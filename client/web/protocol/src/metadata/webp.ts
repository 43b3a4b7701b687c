/** WebP (RFC 9649): a RIFF file with chunks, and with chunks inside the frames of an animation. */

import { concat } from "../bytes.ts";
import { beginsWith, nameAt, notUnderstood, type Cleaned } from "./cleaned.ts";
import { isBare, readExif, turned } from "./exif.ts";
import { readable, type Finding } from "./finding.ts";

/** Chunks without which there is no picture. */
const PICTURE = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF"]);
const IN_FRAME = new Set(["ALPH", "VP8 ", "VP8L"]);
/** `RIFF`, a length and `WEBP`. */
const HEAD = 12;
/** Bits of `VP8X` that announce a colour profile, Exif and XMP (section 2.7). */
const EXIF_BIT = 0x08;
const ANNOUNCED = 0x20 | EXIF_BIT | 0x04;
/** Where the chunks begin inside a frame of an animation. */
const FRAME_HEADER = 16;

interface Chunk {
  readonly id: string;
  readonly contents: Uint8Array;
}

export function cleanWebp(file: Uint8Array): Cleaned {
  const length = new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(4, true);
  const end = 8 + length;
  if (end > file.length || length < 4 || length % 2 !== 0) throw notUnderstood("it is cut short");
  const findings: Finding[] = [];
  let kept: Chunk[] = [];
  let orientation: number | undefined;
  for (const chunk of chunks(file.subarray(HEAD, end))) {
    const { id, contents } = chunk;
    if (id === "LIST" || id === "RIFF") throw notUnderstood("a chunk of an unknown kind");
    if (PICTURE.has(id)) {
      if (id === "ANMF" && !isBareFrame(contents)) throw notUnderstood("a chunk of an unknown kind");
      kept.push(chunk);
    } else if (id === "EXIF") {
      // Some programs put JPEG's prefix before it.
      const block = beginsWith(contents, "Exif\0\0") ? contents.subarray(6) : contents;
      const told = readExif(block);
      orientation ??= told.orientation;
      if (!isBare(contents)) findings.push(...told.findings);
    } else if (id === "XMP ") {
      findings.push({ kind: "history" });
    } else if (id === "ICCP") {
      findings.push({ kind: "profile" });
    } else {
      findings.push({ kind: "unknown", says: readable(Uint8Array.from(id, (letter) => letter.charCodeAt(0))) });
    }
  }
  kept = announced(kept, orientation !== undefined);
  if (orientation !== undefined) kept.push({ id: "EXIF", contents: turned(orientation) });
  const after = file.length - end;
  if (after > 0) findings.push({ kind: "trailing", says: String(after) });
  return { bytes: fileOf(kept), findings };
}

/** One chunk after another; an odd one is followed by a zero. */
function* chunks(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw notUnderstood("it is cut short");
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (end > bytes.length) throw notUnderstood("it is cut short");
    if (length % 2 === 1 && bytes[end - 1] !== 0) throw notUnderstood("bytes between its chunks");
    yield { id: nameAt(bytes, at), contents: bytes.subarray(at + 8, at + 8 + length) };
    at = end;
  }
}

function fileOf(kept: readonly Chunk[]): Cleaned["bytes"] {
  const parts = kept.map(({ id, contents }) => {
    const padding = new Uint8Array(contents.length % 2);
    return concat(named(id, contents.length), contents, padding);
  });
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return concat(named("RIFF", length), new TextEncoder().encode("WEBP"), ...parts);
}

function named(id: string, length: number): Uint8Array {
  const head = Uint8Array.from(id.padEnd(8, "\0"), (letter) => letter.charCodeAt(0));
  new DataView(head.buffer).setUint32(4, length, true);
  return head;
}

/** Lets the header announce what is there now. */
function announced(kept: readonly Chunk[], exif: boolean): Chunk[] {
  if (exif && !kept.some(({ id }) => id === "VP8X")) throw notUnderstood("Exif that is not announced");
  return kept.map((chunk) => {
    if (chunk.id !== "VP8X") return chunk;
    const contents = chunk.contents.slice();
    if (contents.length === 0) throw notUnderstood("its header");
    contents[0] = ((contents[0] ?? 0) & ~ANNOUNCED) | (exif ? EXIF_BIT : 0);
    return { id: chunk.id, contents };
  });
}

/** Whether a frame holds nothing but its picture. */
function isBareFrame(frame: Uint8Array): boolean {
  try {
    return Array.from(chunks(frame.subarray(FRAME_HEADER))).every(({ id }) => IN_FRAME.has(id));
  } catch {
    return false;
  }
}
