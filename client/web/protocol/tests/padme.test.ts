import { expect, test } from "vitest";

import { FLOORS, padme, paddedLength, type Floor } from "../src/padme.ts";
import { sealedLength } from "../src/seal.ts";
import { vectors, whyRefused } from "./vectors.ts";

/** Numbers beyond 2^53 − 1 are text. */
type Big = number | string;

test("lengths grow to their padded sizes", () => {
  const { cases } = vectors<{ cases: { len: Big; floor: number; padme: Big; b: Big | null }[] }>("padding.json");
  for (const { len, floor, padme: padded, b } of cases) {
    expect(padme(BigInt(len)), `padme ${len}`).toBe(BigInt(padded));
    const name = (Object.keys(FLOORS) as Floor[]).find((key) => FLOORS[key] === floor);
    if (name === undefined) throw new Error(`no floor of ${floor} bytes`);
    if (b === null) expect(whyRefused(() => paddedLength(BigInt(len), name))).toBe("too-large");
    else expect(paddedLength(BigInt(len), name), `B of ${len}`).toBe(Number(b));
  }
});

test("sealed sizes are known before sealing", () => {
  interface Size {
    recipients: number;
    floor: Floor;
    archive_len: number;
    header_len: number;
    padded_len: number;
    sealed_len: number;
  }
  for (const size of vectors<Size[]>("sealed-size.json")) {
    const padded = paddedLength(BigInt(size.archive_len), size.floor);
    expect(padded).toBe(size.padded_len);
    expect(sealedLength(size.header_len, padded)).toBe(size.sealed_len);
  }
});
