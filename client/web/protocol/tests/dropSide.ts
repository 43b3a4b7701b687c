/** What a drop does with what a page sends: enough of it to be a drop in a test. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { concat, fromBase64url, fromEitherBase64, fromHex, toBase64, toBase64url, utf8 } from "../src/bytes.ts";
import type { DropId } from "../src/ids.ts";
import { PublicKey, deriveKey } from "../src/keys.ts";
import { components, signatureBase, type SignedParts } from "../src/signature.ts";

/** A nonce: expiry in seconds ‖ 16 random bytes ‖ HMAC-SHA256 (protocol, "Signatures"). */
export function makeNonce(seed: Uint8Array, drop: DropId, expiry: bigint, random: Uint8Array): string {
  const beginning = concat(new Uint8Array(8), random);
  new DataView(beginning.buffer).setBigUint64(0, expiry);
  const message = concat(utf8("kua/v1/nonce"), fromHex(drop, 16) ?? new Uint8Array(), beginning);
  return toBase64url(concat(beginning, hmac(sha256, deriveKey(seed, "drop/nonce"), message)));
}

/** Whether a nonce is this drop's and still holds, in seconds since 1970. */
export function takesNonce(seed: Uint8Array, drop: DropId, nonce: string, now: bigint): boolean {
  const bytes = fromBase64url(nonce, 8 + 16 + 32);
  if (!bytes) return false;
  const expiry = new DataView(bytes.buffer).getBigUint64(0);
  return makeNonce(seed, drop, expiry, bytes.subarray(8, 24)) === nonce && now <= expiry;
}

/** Who signed a request, or why the signature is not taken; only the very form that the protocol writes is read. */
export function signerOf(
  parts: SignedParts,
  fields: { input: string; signature: string },
  drop: DropId,
): { key: PublicKey; nonce: string } | "malformed" | "other-drop" | "wrong" {
  const names = components(parts).map(([name]) => `"${name}"`).join(" ");
  const value = '"([\\w:-]+)"';
  const form = new RegExp(`^kua=(\\(${names}\\);keyid=${value};nonce=${value};alg="ed25519";tag=${value})$`);
  const [, params = "", keyid = "", nonce = "", tag = ""] = form.exec(fields.input) ?? [];
  const [, sig = ""] = /^kua=:([A-Za-z0-9+/=]+):$/.exec(fields.signature) ?? [];
  const [key, signature] = [PublicKey.parse(keyid), fromEitherBase64(sig)];
  if (!key || signature?.length !== 64) return "malformed";
  if (tag !== `kua1:${drop}`) return "other-drop";
  return key.verifies(utf8(signatureBase(components(parts), params)), signature) ? { key, nonce } : "wrong";
}

/** Whether a field `Content-Digest` has the SHA-256 of this body (RFC 9530, section 2). */
export function digestFits(field: string, body: Uint8Array): boolean {
  return field.split(/, */).includes(`sha-256=:${toBase64(sha256(body))}:`);
}
