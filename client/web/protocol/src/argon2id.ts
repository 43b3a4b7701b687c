/** Argon2id (RFC 9106): compiled where the browser allows it, in plain JavaScript where it does not. */

import { argon2id as plainArgon2id } from "@noble/hashes/argon2.js";
import { argon2id as compiledArgon2id } from "hash-wasm";

import { compiledOrPlain } from "./compiled.ts";

export interface Cost {
  /** In KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Stretches a password into 32 bytes. */
export function argon2id(password: Uint8Array, salt: Uint8Array, cost: Cost): Promise<Uint8Array> {
  return compiledOrPlain(
    () => inWebAssembly(password, salt, cost),
    () => inPlainJavaScript(password, salt, cost),
  );
}

export function inWebAssembly(password: Uint8Array, salt: Uint8Array, cost: Cost): Promise<Uint8Array> {
  return compiledArgon2id({
    password,
    salt,
    memorySize: cost.memory,
    iterations: cost.passes,
    parallelism: cost.lanes,
    hashLength: 32,
    outputType: "binary",
  });
}

export function inPlainJavaScript(password: Uint8Array, salt: Uint8Array, cost: Cost): Uint8Array {
  const { memory: m, passes: t, lanes: p } = cost;
  return plainArgon2id(password, salt, { m, t, p, version: 0x13, dkLen: 32 });
}
