/** Opening what was sealed to us: replies, which are small. */

import { Decrypter } from "age-encryption";

import type { AgeIdentity } from "./keys.ts";
import { Refused } from "./refused.ts";

/** The plaintext with its padding, once all of it was verified. Refuses as `not-opened`, and says no more. */
export async function openSealed(sealed: Uint8Array, identity: AgeIdentity): Promise<Uint8Array> {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity.expose());
    return await decrypter.decrypt(sealed);
  } catch {
    throw new Refused("not-opened", "this does not open");
  }
}
