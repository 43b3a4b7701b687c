/** What is hidden in images is found and gone; what is not understood is refused. */

import fc from "fast-check";
import { expect, test } from "vitest";

import { toBase64, utf8 } from "../src/bytes.ts";
import { digestOf } from "../src/ids.ts";
import { clean } from "../src/metadata/clean.ts";
import { formatOf } from "../src/metadata/format.ts";
import { Refused } from "../src/refused.ts";
import { CANARY, exif, IMAGES, jpeg, segment } from "./images.ts";
import { repository, whyRefused } from "./vectors.ts";

const samples = Object.entries(IMAGES);
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

/** What cleaning gives, in the form of the vectors. */
function outcome(file: Uint8Array) {
  try {
    const { bytes, findings } = clean(file);
    return { findings, sha256: digestOf(bytes) };
  } catch (error) {
    if (error instanceof Refused) return { why: error.why };
    throw error;
  }
}

test("the vectors are these images, and what becomes of them", async () => {
  const vectors = samples.map(([about, file]) => ({ about, file: toBase64(file), ...outcome(file) }));
  await expect(`${JSON.stringify(vectors, null, 2)}\n`).toMatchFileSnapshot(repository("tests/vectors/metadata.json"));
});

test.each(samples)("%s: nothing hidden is left, or it is refused", (about, file) => {
  const told = outcome(file);
  if (told.why) {
    expect(about).toMatch(/cut short|nobody knows|bytes|without a picture|checksum|in a frame|a list|cannot announce/);
    return;
  }
  const { bytes, findings } = clean(file);
  expect(latin1(bytes)).not.toContain(CANARY);
  expect(latin1(bytes)).not.toContain("2010:10:11");
  expect(clean(bytes)).toEqual({ bytes, findings: [] });
  if (findings.length === 0) expect(bytes).toEqual(file);
});

test("everything is named that a photo tells", () => {
  const { findings, bytes } = clean(IMAGES["a JPEG with everything in it"] ?? new Uint8Array());
  expect(findings).toEqual([
    { kind: "location", says: "51.17000, -71.44000" },
    { kind: "device", says: `Maker ${CANARY}` },
    { kind: "time", says: "2010:10:11 12:13:14" },
    { kind: "thumbnail" },
    { kind: "history" },
    { kind: "history" },
    { kind: "profile" },
    { kind: "thumbnail" },
    { kind: "unknown", says: "APP7" },
    { kind: "comment", says: CANARY },
    { kind: "trailing", says: String(CANARY.length) },
  ]);
  // The one thing that stays: which side is up.
  expect(latin1(bytes)).toContain("Exif\0\0MM\0*\0\0\0\b\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
});

test("either byte order tells the same", () => {
  const of = (little: boolean) => clean(jpeg(segment(0xe1, utf8("Exif\0\0"), exif(6, little))));
  expect(of(true)).toEqual(of(false));
});

test("files are known by their content", () => {
  expect(formatOf(utf8("%PDF-1.7 …"))).toBeUndefined();
  expect(whyRefused(() => clean(utf8("%PDF-1.7 …")))).toBe("not-understood");
});

test("whatever is broken is cleaned or refused, and never half", () => {
  const byte = fc.nat(255);
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), byte), { maxLength: 4 }), fc.nat(), ([, file], changes, cut) => {
      const bytes = file.slice(0, cut % 4 === 0 ? cut % file.length : undefined);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      try {
        const { bytes: cleaned } = clean(bytes);
        expect(clean(cleaned).findings).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(Refused);
      }
    }),
    { numRuns: 2000 },
  );
});
