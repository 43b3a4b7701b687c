/** The field `Content-Digest` of a body (RFC 9530, section 2). */

import { sha256 } from "@noble/hashes/sha2.js";

import { toBase64 } from "./bytes.ts";

export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${toBase64(sha256(body))}:`;
}
