/** The link to a drop, and the digits that say the same aloud (protocol, "Link" and "Digits"). */

import { sha256 } from "@noble/hashes/sha2.js";
import { bech32m } from "@scure/base";

import { concat, toHex, utf8 } from "./bytes.ts";
import type { PublicKey } from "./keys.ts";
import { Refused } from "./refused.ts";

const PREFIX = "kua";
const VERSION = 1;
const LENGTH = 20;

/** The fingerprint of a root's key: the first 20 bytes of SHA-256("kua/v1/root" ‖ key). */
export class RootFingerprint {
  private constructor(readonly bytes: Uint8Array) {}

  static of(root: PublicKey): RootFingerprint {
    return new RootFingerprint(sha256(concat(utf8("kua/v1/root"), root.bytes)).slice(0, LENGTH));
  }

  /** Reads the text of a link after `#`. Refuses as `mistyped` or `newer`. */
  static parse(text: string): RootFingerprint {
    let prefix: string;
    let bytes: Uint8Array;
    try {
      ({ prefix, bytes } = bech32m.decodeToBytes(text));
    } catch {
      throw mistyped();
    }
    if (prefix !== PREFIX || bytes.length === 0) throw mistyped();
    if (bytes[0] !== VERSION) throw new Refused("newer", "the link is of a newer kind than this page knows");
    if (bytes.length !== 1 + LENGTH) throw mistyped();
    return new RootFingerprint(bytes.slice(1));
  }

  isOf(root: PublicKey): boolean {
    return this.toString() === RootFingerprint.of(root).toString();
  }

  /** `kua1…`, bech32m (BIP-350). */
  toString(): string {
    return bech32m.encodeFromBytes(PREFIX, concat(Uint8Array.of(VERSION), this.bytes));
  }

  /** Ten groups of five digits for reading aloud: one big-endian number of 49 digits, and a check digit. */
  digits(): string {
    const number = BigInt(`0x${toHex(this.bytes)}`).toString().padStart(49, "0");
    return (number + damm(number)).replace(/(.{5})(?=.)/g, "$1 ");
  }
}

/** H. M. Damm's totally anti-symmetric quasigroup of order 10, row by row. */
const DAMM = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

/** The check digit, which finds every wrong digit and every swap of neighbours. */
export function damm(digits: string): string {
  return [...digits].reduce((interim, digit) => DAMM[Number(interim)]?.[Number(digit)] ?? "", "0");
}

/** A link to a drop: where it is, and whose signature makes its roster true. */
export class DropLink {
  private constructor(
    /** The drop's address, which ends in `/`. */
    readonly origin: string,
    readonly root: RootFingerprint,
  ) {}

  /** Refuses as `no-address`, `insecure`, `extra-parts`, `no-fingerprint`, `mistyped` or `newer`. */
  static parse(text: string): DropLink {
    const [address = "", ...rest] = text.trim().split("#");
    const origin = parseOrigin(address);
    const fragment = rest.join("#");
    if (fragment === "") throw new Refused("no-fingerprint", "the part of the link after # is missing");
    return new DropLink(origin, RootFingerprint.parse(fragment));
  }

  toString(): string {
    return `${this.origin}#${this.root}`;
  }
}

/** Reads a drop's address: scheme, host and port and nothing else. */
function parseOrigin(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Refused("no-address", "this is not a link");
  }
  const plainIsSafe = url.hostname.endsWith(".onion") || isLoopback(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && plainIsSafe)) {
    throw new Refused("insecure", "a drop's link begins with https://, or with http:// when its host ends in .onion");
  }
  const origin = `${url.protocol}//${url.host}/`;
  // A path, a query, even an empty one, and a user name would all show here.
  if (url.href !== origin) throw new Refused("extra-parts", "a drop's link has nothing between the host and #kua1…");
  return origin;
}

function isLoopback(host: string): boolean {
  // The parser has brought every form of an IPv4 address into this one.
  return host === "localhost" || host === "[::1]" || /^127\.[0-9]+\.[0-9]+\.[0-9]+$/.test(host);
}

function mistyped(): Refused {
  return new Refused("mistyped", "the part after # has a typing error: compare it with the link that you were given");
}
