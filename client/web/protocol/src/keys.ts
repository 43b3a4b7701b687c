/** Keys: what is derived from a seed, and Ed25519 judged as strictly as the protocol asks. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";

import { concat, fromBase64url, toBase64url, utf8, type Bytes } from "./bytes.ts";

/** What a seed's key is for: the end of HKDF's `info` (protocol, "HKDF-SHA256"). */
export type Purpose =
  | "coordinator/age"
  | "coordinator/sign"
  | "submitter/age"
  | "submitter/sign"
  | "root/sign"
  | "drop/receipt"
  | "drop/nonce"
  | "drop/admission";

/** The 32 bytes of one key: HKDF-SHA256 of a seed with empty salt (RFC 5869). */
export function deriveKey(seed: Uint8Array, purpose: Purpose): Uint8Array {
  return hkdf(sha256, seed, undefined, utf8(`kua/v1/${purpose}`), 32);
}

/** An Ed25519 public key that is canonical and not of small order. */
export class PublicKey {
  private constructor(
    /** The key's 32 bytes. */
    readonly bytes: Bytes,
    /** The same in base64url, which is how the protocol writes it. */
    readonly text: string,
  ) {}

  /** Reads a key's bytes; anything that is no usable key is nothing. */
  static fromBytes(bytes: Uint8Array): PublicKey | undefined {
    try {
      if (ed25519.Point.fromBytes(bytes).isSmallOrder()) return undefined;
    } catch {
      return undefined;
    }
    return new PublicKey(new Uint8Array(bytes), toBase64url(bytes));
  }

  /** Reads a key in base64url; anything else is nothing. */
  static parse(text: string): PublicKey | undefined {
    const bytes = fromBase64url(text, 32);
    return bytes && PublicKey.fromBytes(bytes);
  }

  /**
   * Whether this key made the signature.
   *
   * RFC 8032, 5.1.7, without the cofactor and without small-order points: the library alone would multiply by the
   * cofactor, and so take signatures that the Rust code refuses.
   */
  verifies(message: Uint8Array, signature: Uint8Array): boolean {
    if (signature.length !== 64 || !ed25519.verify(signature, message, this.bytes, { zip215: false })) return false;
    const { Point } = ed25519;
    const r = Point.fromBytes(signature.subarray(0, 32));
    const s = littleEndian(signature.subarray(32));
    const k = littleEndian(sha512(concat(signature.subarray(0, 32), this.bytes, message)));
    const key = Point.fromBytes(this.bytes);
    // Both numbers are public. Neither multiplication takes the number zero.
    const { ORDER } = Point.Fn;
    const left = s === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(s);
    return !r.isSmallOrder() && left.equals(key.multiplyUnsafe(k % ORDER).add(r));
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** An Ed25519 key that signs only what this library composes. It shows nothing when it is printed. */
export class SigningKey {
  readonly #secret: Uint8Array;
  readonly publicKey: PublicKey;

  private constructor(secret: Uint8Array, publicKey: PublicKey) {
    this.#secret = secret;
    this.publicKey = publicKey;
  }

  /** The signing key that a seed gives for a purpose. */
  static derive(seed: Uint8Array, purpose: Purpose): SigningKey {
    const secret = deriveKey(seed, purpose);
    const publicKey = PublicKey.fromBytes(ed25519.getPublicKey(secret));
    if (!publicKey) throw new Error("no secret has an unusable public key");
    return new SigningKey(secret, publicKey);
  }

  /** The 64 bytes of a signature. */
  sign(message: Uint8Array): Uint8Array {
    return ed25519.sign(message, this.#secret);
  }
}

/** An age identity of the hybrid kind. It shows nothing when it is printed. */
export class AgeIdentity {
  readonly #text: string;
  /** The recipient, `age1pq1…`. */
  readonly recipient: string;

  private constructor(text: string, recipient: string) {
    this.#text = text;
    this.recipient = recipient;
  }

  /** The identity that a seed gives for a purpose. */
  static async derive(seed: Uint8Array, purpose: Purpose): Promise<AgeIdentity> {
    const text = bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", deriveKey(seed, purpose)).toUpperCase();
    return new AgeIdentity(text, await identityToRecipient(text));
  }

  /** `AGE-SECRET-KEY-PQ-1…`, for the moment in which something is opened. */
  expose(): string {
    return this.#text;
  }
}
