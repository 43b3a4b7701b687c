/** Signed requests: RFC 9421 in the one form that the protocol has ("Signatures"). */

import { toBase64, utf8 } from "./bytes.ts";
import type { DropId } from "./ids.ts";
import type { SigningKey } from "./keys.ts";
import { Refused } from "./refused.ts";

/** What is signed of a request. */
export interface SignedParts {
  /** In upper case. */
  readonly method: string;
  /** As the drop is addressed from outside. */
  readonly path: string;
  /** Without its `?`, if there is one. */
  readonly query?: string;
  /** The field `Content-Digest`, when the request has a body. */
  readonly contentDigest?: string;
  /** The field `Upload-Length`, when the request has one. */
  readonly uploadLength?: string;
  /** The field `Kua-Day`, when the request has one: the UTC day that a coordinator's device shows. A submitter's tells none. */
  readonly day?: string;
}

/** The two header fields of a signed request. */
export interface SignatureFields {
  readonly "signature-input": string;
  readonly signature: string;
}

/** A covered component: its name and its value. */
export type Component = readonly [name: string, value: string];

/** The covered components in their order. */
export function components(parts: SignedParts): Component[] {
  const covered: Component[] = [
    ["@method", parts.method],
    ["@path", parts.path],
    ["@query", `?${parts.query ?? ""}`],
  ];
  if (parts.contentDigest !== undefined) covered.push(["content-digest", parts.contentDigest]);
  if (parts.uploadLength !== undefined) covered.push(["upload-length", parts.uploadLength]);
  if (parts.day !== undefined) covered.push(["kua-day", parts.day]);
  return covered;
}

/** The bytes that are signed, as text (RFC 9421, section 2.5). */
export function signatureBase(covered: readonly Component[], params: string): string {
  return [...covered, ["@signature-params", params] as const]
    .map(([name, value]) => `"${name}": ${value}`)
    .join("\n");
}

/** Signs a request for a drop under one of its nonces. */
export function signRequest(parts: SignedParts, key: SigningKey, drop: DropId, nonce: string): SignatureFields {
  if (!isNonce(nonce)) throw new Refused("malformed", "the drop sent a nonce that is none");
  const covered = components(parts);
  const names = covered.map(([name]) => `"${name}"`).join(" ");
  const params = `(${names});keyid="${key.publicKey.text}";nonce="${nonce}";alg="ed25519";tag="kua1:${drop}"`;
  const signature = key.sign(utf8(signatureBase(covered, params)));
  return { "signature-input": `kua=${params}`, signature: `kua=:${toBase64(signature)}:` };
}

/**
 * Whether a text may stand as a nonce inside a signature: base64url and not longer than a drop's own.
 *
 * A hostile drop chooses what is signed here; it must not be able to write more than one parameter.
 */
export function isNonce(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,128}$/.test(text);
}
