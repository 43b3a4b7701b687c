/** Judging a roster's recipients: `age1pq1…`, an ML-KEM-768 key and an X25519 key (protocol, "Why hybrid"). */

import { bech32 } from "@scure/base";
import { Encrypter } from "age-encryption";

/** Bytes of the ML-KEM key that are its coefficients, twelve bits each; 32 bytes of seed follow. */
const COEFFICIENTS = 1152;
const MODULUS = 3329;

/** Whether both halves are keys that can be sealed to. */
export async function isRecipient(text: string): Promise<boolean> {
  try {
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, false);
    if (prefix !== "age1pq" || !isReduced(bech32.fromWords(words).subarray(0, COEFFICIENTS))) return false;
    // Sealing nothing to it is the one way to have the library look at the length and at the X25519 half.
    const encrypter = new Encrypter();
    encrypter.addRecipient(text);
    await encrypter.encrypt(new Uint8Array());
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether every coefficient would be written again as it stands (FIPS 203, 7.2, the modulus check).
 *
 * The library says that it looks, and its version 0.5.4 takes keys that are not reduced.
 */
function isReduced(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 3) {
    const [low = 0, middle = 0, high = 0] = bytes.subarray(at, at + 3);
    if ((low | ((middle & 0x0f) << 8)) >= MODULUS || ((middle >> 4) | (high << 4)) >= MODULUS) return false;
  }
  return true;
}
