/** SHA-256 of what comes piece by piece, and of whole portions: by the fastest means that the browser allows. */

import { sha256 as plainSha256 } from "@noble/hashes/sha2.js";
import { createSHA256 as compiledSha256 } from "hash-wasm";

import type { Bytes } from "./bytes.ts";
import { compiledOrPlain } from "./compiled.ts";

/** A digest under way. It is asked for its 32 bytes once, at the end. */
export interface Digesting {
  update(piece: Uint8Array): void;
  digest(): Uint8Array;
}

/** Begins a digest. */
export function beginSha256(): Promise<Digesting> {
  return compiledOrPlain(inWebAssembly, inPlainJavaScript);
}

export async function inWebAssembly(): Promise<Digesting> {
  const hasher = await compiledSha256();
  return { update: (piece) => hasher.update(piece), digest: () => hasher.digest("binary") };
}

export function inPlainJavaScript(): Digesting {
  const hasher = plainSha256.create();
  return { update: (piece) => hasher.update(piece), digest: () => hasher.digest() };
}

/** The digest of bytes that are all there. Only pages that came safely, as over HTTPS, have the browser's own. */
export async function sha256OfWhole(bytes: Bytes): Promise<Uint8Array> {
  const own = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (own) return new Uint8Array(await own.digest("SHA-256", bytes));
  const digest = await beginSha256();
  digest.update(bytes);
  return digest.digest();
}
