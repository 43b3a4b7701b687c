/** Exif (CIPA DC-008): what it tells, and the one thing of it that may stay. */

import { readable, type Finding } from "./finding.ts";

/** What is found in a block, and which side of the picture is up (2 to 8). */
export interface Told {
  readonly orientation: number | undefined;
  readonly findings: readonly Finding[];
}

const TAG = {
  imageDescription: 0x010e,
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  software: 0x0131,
  dateTime: 0x0132,
  artist: 0x013b,
  copyright: 0x8298,
  exifBlock: 0x8769,
  gpsBlock: 0x8825,
  dateTimeOriginal: 0x9003,
  dateTimeDigitized: 0x9004,
  userComment: 0x9286,
  ownerName: 0xa430,
  bodySerialNumber: 0xa431,
  lensModel: 0xa434,
} as const;
const GPS = { latitudeRef: 1, latitude: 2, longitudeRef: 3, longitude: 4 } as const;
/** Bytes of a value by its type (TIFF 6.0, section 2). */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8 };
const ASCII = 2;
const UNDEFINED = 7;
/** The name of the text's encoding, before a user's comment. */
const ENCODING = 8;

/** The Exif block, as TIFF, that says nothing but how the picture is to be turned. */
export function turned(orientation: number): Uint8Array {
  const head = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1];
  return Uint8Array.from([...head, 0, orientation, 0, 0, 0, 0, 0, 0]);
}

/** Whether a block says nothing else than that. */
export function isBare(block: Uint8Array): boolean {
  return [2, 3, 4, 5, 6, 7, 8].some((orientation) => {
    const bare = turned(orientation);
    return block.length === bare.length && bare.every((byte, at) => byte === block[at]);
  });
}

/** Reads a block. One that is damaged, or says nothing that is known here, is something unknown. */
export function readExif(block: Uint8Array): Told {
  const unknown: Finding = { kind: "unknown", says: "Exif" };
  try {
    const { orientation, findings } = new Tiff(block).tell();
    return { orientation, findings: findings.length > 0 ? findings : [unknown] };
  } catch {
    // A place outside of the block.
    return { orientation: undefined, findings: [unknown] };
  }
}

interface Field {
  readonly type: number;
  readonly count: number;
  /** Where its value stands. */
  readonly at: number;
}
type Directory = ReadonlyMap<number, Field>;

/** Directories of fields (TIFF 6.0, section 2). Reading outside of the block throws a `RangeError`. */
class Tiff {
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(private readonly block: Uint8Array) {
    this.#view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    const order = this.#view.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) throw new RangeError("no byte order");
    this.#little = order === 0x4949;
    if (this.#short(2) !== 42) throw new RangeError("not TIFF");
  }

  tell(): Told {
    const main = this.#directory(this.#long(4));
    const fields = new Map([...this.#below(main, TAG.exifBlock), ...main.fields]);
    const gps = this.#below(main, TAG.gpsBlock);
    const text = (...tags: number[]) => this.#texts(fields, tags);
    const found: readonly (readonly [Finding["kind"], string | undefined | true])[] = [
      ["location", gps.size > 0 ? (this.#position(gps) ?? true) : undefined],
      ["device", text(TAG.make, TAG.model, TAG.lensModel, TAG.bodySerialNumber)],
      ["author", text(TAG.artist, TAG.copyright, TAG.ownerName)],
      ["time", text(TAG.dateTimeOriginal, TAG.dateTime, TAG.dateTimeDigitized)],
      ["software", text(TAG.software)],
      ["comment", text(TAG.imageDescription, TAG.userComment)],
      ["thumbnail", main.next !== 0 && this.#directory(main.next).fields.size > 0 ? true : undefined],
    ];
    const findings = found.flatMap(([kind, says]): Finding[] => {
      if (says === undefined) return [];
      return [says === true ? { kind } : { kind, says }];
    });
    const turn = main.fields.get(TAG.orientation);
    const orientation = turn?.type === 3 ? this.#short(turn.at) : 0;
    return { orientation: orientation >= 2 && orientation <= 8 ? orientation : undefined, findings };
  }

  #short(at: number): number {
    return this.#view.getUint16(at, this.#little);
  }

  #long(at: number): number {
    return this.#view.getUint32(at, this.#little);
  }

  #directory(at: number): { fields: Directory; next: number } {
    const count = this.#short(at);
    const fields = new Map<number, Field>();
    for (let entry = at + 2; entry < at + 2 + 12 * count; entry += 12) {
      const type = this.#short(entry + 2);
      const number = this.#long(entry + 4);
      const size = (SIZES[type] ?? 0) * number;
      const place = size <= 4 ? entry + 8 : this.#long(entry + 8);
      if (place + size > this.block.length) throw new RangeError("a value outside");
      fields.set(this.#short(entry), { type, count: number, at: place });
    }
    return { fields, next: this.#long(at + 2 + 12 * count) };
  }

  /** The fields of a directory that a field of another points at. */
  #below(main: { fields: Directory }, tag: number): Directory {
    const field = main.fields.get(tag);
    return field ? this.#directory(this.#long(field.at)).fields : new Map();
  }

  /** The texts of these tags, one after the other. */
  #texts(fields: Directory, tags: readonly number[]): string | undefined {
    const texts = tags.map((tag) => {
      const { type, count, at } = fields.get(tag) ?? { type: 0, count: 0, at: 0 };
      if (type === ASCII) return readable(this.block.subarray(at, at + count));
      return type === UNDEFINED ? readable(this.block.subarray(at + ENCODING, at + count)) : "";
    });
    const told = texts.filter((text) => text !== "").join(" ");
    return told === "" ? undefined : told;
  }

  #position(gps: Directory): string | undefined {
    const latitude = this.#degrees(gps, GPS.latitude, GPS.latitudeRef, "S");
    const longitude = this.#degrees(gps, GPS.longitude, GPS.longitudeRef, "W");
    if (latitude === undefined || longitude === undefined) return undefined;
    return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  }

  #degrees(gps: Directory, tag: number, towards: number, negative: string): number | undefined {
    const [field, side] = [gps.get(tag), gps.get(towards)];
    if (field?.type !== 5 || field.count !== 3 || side?.type !== ASCII) return undefined;
    const part = (n: number) => this.#long(field.at + 8 * n) / this.#long(field.at + 8 * n + 4);
    const value = part(0) + part(1) / 60 + part(2) / 3600;
    if (!Number.isFinite(value)) return undefined;
    return this.#view.getUint8(side.at) === negative.charCodeAt(0) ? -value : value;
  }
}
