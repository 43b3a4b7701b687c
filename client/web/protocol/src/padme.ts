/** To which size an archive grows before it is sealed (protocol, "Padmé" and "A report"). */

import { Refused } from "./refused.ts";

/** The least size of padded plaintext, in bytes, by what it is. */
export const FLOORS = { report: 16 * 1024, reply: 4 * 1024, entry: 2 * 1024 } as const;
export type Floor = keyof typeof FLOORS;

/** What a header may be larger in one sealing than in another, in bytes; room for it is kept in every size. */
export const HEADER_SLACK = 512;

const U64_MAX = (1n << 64n) - 1n;

/** Rounds a length up to a multiple of 2^(E−S), in whole numbers; results beyond 64 bits are cut to the largest. */
export function padme(length: bigint): bigint {
  if (length < 1n) return 0n;
  const exponent = BigInt(length.toString(2).length - 1);
  const keptBits = exponent === 0n ? 0n : BigInt(exponent.toString(2).length);
  const unit = 1n << (exponent > keptBits ? exponent - keptBits : 0n);
  const rounded = ((length + unit - 1n) / unit) * unit;
  return rounded > U64_MAX ? U64_MAX : rounded;
}

/** B: how many bytes of plaintext and grease an archive of so many bytes gets. */
export function paddedLength(archive: bigint, floor: Floor): number {
  const padded = Number(padme(archive + BigInt(HEADER_SLACK)));
  const length = Math.max(padded, FLOORS[floor]);
  if (!Number.isSafeInteger(length)) throw new Refused("too-large", "this is too large to be sealed");
  return length;
}
