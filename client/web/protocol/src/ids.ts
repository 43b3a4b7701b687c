/** Ids: what a sealed object, a mailbox and a drop are called. All are lower-case hex (protocol, "Ids"). */

import { sha256 } from "@noble/hashes/sha2.js";

import { fromHex, toHex } from "./bytes.ts";

declare const kind: unique symbol;
type Id<Kind extends string> = string & { readonly [kind]: Kind };

/** The id of a sealed object: the SHA-256 of its bytes, 64 digits. */
export type ObjectId = Id<"object">;
/** The id of a mailbox, 32 digits. */
export type MailboxId = Id<"mailbox">;
/** The id of a drop: 16 random bytes, for ever, 32 digits. */
export type DropId = Id<"drop">;
/** The SHA-256 of bytes that are not a sealed object, 64 digits. */
export type Digest = Id<"digest">;

/** Reads a drop's id; anything else is nothing. */
export function dropId(text: string): DropId | undefined {
  return fromHex(text, 16) && (text as DropId);
}

/** Reads the id of a mailbox; anything else is nothing. */
export function mailboxId(text: string): MailboxId | undefined {
  return fromHex(text, 16) && (text as MailboxId);
}

/** Reads a SHA-256; anything else is nothing. */
export function digest(text: string): Digest | undefined {
  return fromHex(text, 32) && (text as Digest);
}

/** Reads the id of a sealed object; anything else is nothing. */
export function objectId(text: string): ObjectId | undefined {
  return fromHex(text, 32) && (text as ObjectId);
}

/** The id of these sealed bytes. */
export function objectIdOf(bytes: Uint8Array): ObjectId {
  return toHex(sha256(bytes)) as ObjectId;
}

/** The SHA-256 of these bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return toHex(sha256(bytes)) as Digest;
}
