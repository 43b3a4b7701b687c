/** A submitter's keys at one drop: one opens replies, one is her mailbox. Both come from her codename alone. */

import { sha256 } from "@noble/hashes/sha2.js";

import { concat, toHex, utf8 } from "./bytes.ts";
import type { Codename } from "./codename.ts";
import type { DropId, MailboxId } from "./ids.ts";
import { AgeIdentity, SigningKey, type PublicKey } from "./keys.ts";

/** The mailbox of this key: the first 16 bytes of SHA-256("kua/v1/mailbox" ‖ key). */
export function mailboxOf(key: PublicKey): MailboxId {
  return toHex(sha256(concat(utf8("kua/v1/mailbox"), key.bytes)).subarray(0, 16)) as MailboxId;
}

export class SubmitterKeys {
  private constructor(
    /** Opens replies. */
    readonly identity: AgeIdentity,
    /** Signs requests and follow-ups. */
    readonly signing: SigningKey,
    readonly mailbox: MailboxId,
  ) {}

  /** Derives both keys; takes 19 MiB, and from 0.1 s to 16 s where nothing is compiled: call it in a worker. */
  static async derive(codename: Codename, drop: DropId): Promise<SubmitterKeys> {
    const root = await codename.root(drop);
    try {
      return await SubmitterKeys.fromRoot(root);
    } finally {
      root.fill(0);
    }
  }

  /** The keys of a root that was derived before. */
  static async fromRoot(root: Uint8Array): Promise<SubmitterKeys> {
    const identity = await AgeIdentity.derive(root, "submitter/age");
    const signing = SigningKey.derive(root, "submitter/sign");
    return new SubmitterKeys(identity, signing, mailboxOf(signing.publicKey));
  }
}
