/** Small images with something hidden in each of its places. Their pictures are none: nobody looks at pixels here. */

import { concat, utf8 } from "../src/bytes.ts";

/** Stands in every hidden place, and nowhere afterwards. */
export const CANARY = "CANARY-51.1694-71.4491";

interface Row {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: Uint8Array;
}

/** A TIFF block with orientation, device, time, position and a thumbnail's directory, in either byte order. */
export function exif(orientation: number, little = false): Uint8Array {
  const short = (value: number) => number(value, 2, little);
  const long = (value: number) => number(value, 4, little);
  const text = (tag: number, text: string): Row => ({ tag, type: 2, count: text.length + 1, value: utf8(`${text}\0`) });
  const degrees = (tag: number, ...parts: number[]): Row => {
    return { tag, type: 5, count: 3, value: concat(...parts.flatMap((part) => [long(part), long(1)])) };
  };
  const side = (tag: number, letter: string): Row => ({ tag, type: 2, count: 2, value: utf8(`${letter}\0\0\0`) });
  const gps = [side(1, "N"), degrees(2, 51, 10, 12), side(3, "W"), degrees(4, 71, 26, 24)];
  const thumbnail: Row[] = [{ tag: 0x0100, type: 3, count: 1, value: concat(short(1), short(0)) }];
  const size = (rows: number) => 2 + 12 * rows + 4;
  const gpsAt = 8 + size(5);
  const main = [
    text(0x010f, "Maker"),
    text(0x0110, CANARY),
    { tag: 0x0112, type: 3, count: 1, value: concat(short(orientation), short(0)) },
    text(0x0132, "2010:10:11 12:13:14"),
    { tag: 0x8825, type: 4, count: 1, value: long(gpsAt) },
  ];
  const thumbnailAt = gpsAt + size(gps.length);
  let free = thumbnailAt + size(thumbnail.length);
  const far: Uint8Array[] = [];
  const directory = (rows: readonly Row[], next: number) => {
    const written = rows.map(({ tag, type, count, value }) => {
      const head = concat(short(tag), short(type), long(count));
      if (value.length === 4) return concat(head, value);
      far.push(value);
      free += value.length;
      return concat(head, long(free - value.length));
    });
    return concat(short(rows.length), ...written, long(next));
  };
  const directories = [directory(main, thumbnailAt), directory(gps, 0), directory(thumbnail, 0)];
  return concat(utf8(little ? "II" : "MM"), short(42), long(8), ...directories, ...far);
}

function number(value: number, length: number, little: boolean): Uint8Array {
  const bytes = Array.from({ length }, (_, at) => (value >>> (8 * at)) & 0xff);
  return Uint8Array.from(little ? bytes : bytes.reverse());
}

export function segment(marker: number, ...parts: Uint8Array[]): Uint8Array {
  const contents = concat(...parts);
  return concat(Uint8Array.of(0xff, marker), number(contents.length + 2, 2, false), contents);
}

const hidden = (prefix: string) => utf8(prefix + CANARY);
const JFIF = segment(0xe0, utf8("JFIF\0"), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0));
const TABLES = concat(segment(0xdb, new Uint8Array(65)), segment(0xc0, new Uint8Array(9)), segment(0xc4, new Uint8Array(20)));
/** Coded data with a byte that looks like a marker, and the number of a restart. */
const ENTROPY = Uint8Array.of(1, 2, 0xff, 0, 3, 0xff, 0xd0, 4);
const SCAN = concat(segment(0xda, new Uint8Array(8)), ENTROPY);
const EOI = Uint8Array.of(0xff, 0xd9);
const SOI = Uint8Array.of(0xff, 0xd8);

/** A photo of several scans, with all that is given before its tables. */
export function jpeg(...between: Uint8Array[]): Uint8Array {
  return concat(SOI, JFIF, ...between, TABLES, SCAN, segment(0xc4, new Uint8Array(20)), SCAN, EOI);
}

export function chunk(kind: string, ...parts: Uint8Array[]): Uint8Array {
  const body = concat(utf8(kind), ...parts);
  return concat(number(body.length - 4, 4, false), body, number(crc(body), 4, false));
}

function crc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return ~crc >>> 0;
}

const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);

export function png(...between: Uint8Array[]): Uint8Array {
  const header = chunk("IHDR", Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0));
  return concat(PNG_SIGNATURE, header, ...between, chunk("IDAT", Uint8Array.of(1, 2, 3)), chunk("IEND"));
}

export function riff(id: string, ...parts: Uint8Array[]): Uint8Array {
  const contents = concat(...parts);
  return concat(utf8(id), number(contents.length, 4, true), contents, new Uint8Array(contents.length % 2));
}

export function webp(flags: number, ...after: Uint8Array[]): Uint8Array {
  const header = riff("VP8X", Uint8Array.of(flags, 0, 0, 0, 39, 0, 0, 23, 0, 0));
  return riff("RIFF", utf8("WEBP"), header, riff("VP8L", Uint8Array.of(0x2f, 1, 2)), ...after);
}

const EVERYTHING_JPEG = [
  segment(0xe1, utf8("Exif\0\0"), exif(6)),
  segment(0xe1, hidden("http://ns.adobe.com/xap/1.0/\0")),
  segment(0xed, hidden("Photoshop 3.0\0")),
  segment(0xe2, hidden("ICC_PROFILE\0")),
  segment(0xe2, hidden("MPF\0")),
  segment(0xe7, hidden("maker")),
  segment(0xfe, utf8(CANARY)),
];
const EVERYTHING_PNG = [
  chunk("eXIf", exif(3)),
  chunk("tEXt", hidden("Author\0")),
  chunk("iTXt", hidden("XML:com.adobe.xmp\0\0\0\0\0")),
  chunk("zTXt", hidden("Comment\0\0")),
  chunk("iCCP", hidden("profile\0\0")),
  chunk("tIME", Uint8Array.of(7, 218, 10, 11, 12, 13, 14)),
  chunk("prVt", utf8(CANARY)),
];
const EVERYTHING_WEBP = [
  riff("ICCP", utf8(CANARY)),
  riff("EXIF", exif(8, true)),
  riff("XMP ", utf8(CANARY)),
  riff("kuaX", utf8(CANARY)),
];
const frame = (...chunks: Uint8Array[]) => riff("ANMF", new Uint8Array(16), ...chunks);
const broken = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 1);

/** Every sample, by what is in it. */
export const IMAGES: Readonly<Record<string, Uint8Array>> = {
  "a JPEG with nothing in it": jpeg(),
  "a JPEG with everything in it": concat(jpeg(...EVERYTHING_JPEG), utf8(CANARY)),
  "a JPEG that is only turned": jpeg(segment(0xe1, utf8("Exif\0\0"), exif(8, true))),
  "a JPEG with Exif that is damaged": jpeg(segment(0xe1, utf8("Exif\0\0MM\0*\0\0\0\x08\0\x09"))),
  "a JPEG with a thumbnail in JFIF": concat(
    SOI,
    segment(0xe0, utf8("JFIF\0"), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 1, 1), utf8(CANARY)),
    TABLES,
    SCAN,
    EOI,
  ),
  "a JPEG with Adobe's colours": jpeg(segment(0xee, utf8("Adobe"), Uint8Array.of(0, 100, 0, 0, 0, 0, 1))),
  "a JPEG with a comment between its scans": concat(SOI, JFIF, TABLES, SCAN, segment(0xfe, utf8(CANARY)), SCAN, EOI),
  "a JPEG with bytes between its segments": concat(SOI, JFIF, utf8("X"), TABLES, SCAN, EOI),
  "a JPEG with fill bytes": concat(SOI, JFIF, Uint8Array.of(0xff), TABLES, SCAN, EOI),
  "a JPEG with a segment that nobody knows": jpeg(segment(0xf3, utf8("what"))),
  "a JPEG that is cut short": jpeg().slice(0, -2),
  "a JPEG without a picture": concat(SOI, JFIF, TABLES, EOI),
  "a PNG with nothing in it": png(),
  "a PNG with everything in it": concat(png(...EVERYTHING_PNG), utf8(CANARY)),
  "an animated PNG": png(chunk("acTL", new Uint8Array(8)), chunk("fcTL", new Uint8Array(26)), chunk("fdAT", utf8("abcd"))),
  "a PNG with a wrong checksum": broken(png(chunk("gAMA", new Uint8Array(4))), 50),
  "a PNG with a critical chunk that nobody knows": png(chunk("KUAX", utf8("what"))),
  "a PNG that is cut short": png().slice(0, -5),
  "a WebP with nothing in it": webp(0),
  "a WebP with everything in it": concat(webp(0x2c, ...EVERYTHING_WEBP), utf8(CANARY)),
  "a WebP with JPEG's prefix before its Exif": webp(0x08, riff("EXIF", utf8("Exif\0\0"), exif(6))),
  "an animated WebP": webp(0x02, riff("ANIM", new Uint8Array(6)), frame(riff("VP8L", utf8("odd"))), frame(riff("ALPH", utf8("ab")))),
  "a WebP with something in a frame": webp(0x02, riff("ANIM", new Uint8Array(6)), frame(riff("kuaX", utf8(CANARY)))),
  "a WebP with a list": webp(0, riff("LIST", utf8("INFO"), riff("ICMT", utf8(CANARY)))),
  "a WebP with Exif that its header cannot announce": riff("RIFF", utf8("WEBP"), riff("VP8L", utf8("ab")), riff("EXIF", exif(6))),
  "a WebP that is cut short": webp(0).slice(0, -3),
};
