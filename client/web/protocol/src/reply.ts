/** A coordinator's reply: signed inside the seal, and only good in its place (protocol, "Replies, case log, grants"). */

import { utf8 } from "./bytes.ts";
import { parseDay, type Day } from "./day.ts";
import { Envelope } from "./dsse.ts";
import { digest, digestOf, dropId, mailboxId, objectId } from "./ids.ts";
import type { Digest, DropId, MailboxId, ObjectId } from "./ids.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { AgeIdentity } from "./keys.ts";
import { openSealed } from "./open.ts";
import { Refused } from "./refused.ts";
import type { VerifiedRoster } from "./roster.ts";

const MAX_TEXT = 64 * 1024;
const MAX_STATEMENT = 256 * 1024;
/** Most bytes of a file that comes with a reply. */
export const MAX_ATTACHMENT = 16 << 20;
const BLOCK = 512;

/** A file that comes with a reply. Its name is a stranger's until it was made safe. */
export interface ReplyFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a coordinator states in a reply. */
export interface ReplyStatement {
  /** Its number in the thread, counted from 1. */
  readonly number: number;
  /** The report that it answers. */
  readonly report: ObjectId;
  readonly day: Day;
  /** An acknowledgement says that a coordinator has opened the report. */
  readonly kind: "text" | "acknowledgement";
  readonly text: string;
  readonly language: string;
  /** The author's name in the roster. */
  readonly author: string;
  readonly attachment?: { readonly name: string; readonly size: number; readonly sha256: Digest };
}

/** A reply whose author, drop, mailbox and file were checked. */
export interface Reply extends Omit<ReplyStatement, "attachment"> {
  readonly file?: ReplyFile;
}

/** Where a reply was found. */
export interface Place {
  readonly roster: VerifiedRoster;
  readonly mailbox: MailboxId;
}

/** Opens a reply. Refuses as `not-opened` (also what is no letter), and as `verifyReply`. */
export async function openReply(sealed: Uint8Array, identity: AgeIdentity, place: Place): Promise<Reply> {
  const { envelope, content } = unpack(await openSealed(sealed, identity));
  const { attachment, ...reply } = verifyReply(envelope, place);
  const agrees = attachment
    ? content?.length === attachment.size && digestOf(content) === attachment.sha256
    : content === undefined;
  if (!agrees) throw malformed();
  return { ...reply, ...(attachment && content ? { file: { name: attachment.name, content } } : {}) };
}

/**
 * Checks a reply for the mailbox in which it was found.
 *
 * Refuses as `stranger`, `bad-signature`, `other-kind`, `content`, `other-drop`, `other-mailbox` or `malformed-reply`.
 */
export function verifyReply(envelope: Envelope, { roster, mailbox }: Place): ReplyStatement {
  const author = roster.coordinator(envelope.claimedSigner);
  if (!author) throw new Refused("stranger", "the reply's author is no coordinator of this drop");
  const { content } = envelope.verify("reply", (signer) => roster.coordinator(signer) !== undefined);
  const { drop, to, ...reply } = readStatement(content);
  if (drop !== roster.roster.drop) throw new Refused("other-drop", "the reply was written for another drop");
  if (to !== mailbox) throw new Refused("other-mailbox", "the reply was written to somebody else");
  const isLarge = reply.attachment !== undefined && reply.attachment.size > MAX_ATTACHMENT;
  if (reply.number === 0 || utf8(reply.text).length > MAX_TEXT || isLarge) throw malformed();
  return { ...reply, author: author.name };
}

type Statement = Omit<ReplyStatement, "author"> & { readonly drop: DropId; readonly to: MailboxId };

/** Reads the form; anything missing or of another kind is `content`. */
function readStatement(content: JsonObject): Statement {
  const { attachment } = content;
  const kind = need(content["kind"] === "text" || content["kind"] === "acknowledgement" ? content["kind"] : undefined);
  return {
    drop: need(dropId(text(content["drop"]))),
    to: need(mailboxId(text(content["mailbox"]))),
    number: whole(content["number"]),
    report: need(objectId(text(content["report"]))),
    day: need(parseDay(text(content["day"]))),
    kind,
    text: text(content["text"]),
    language: text(content["language"]),
    ...(attachment == null ? {} : { attachment: readAttachment(attachment) }),
  };
}

function readAttachment(value: Json): ReplyStatement["attachment"] & object {
  const { name, size, sha256 } = need(isObject(value) ? value : undefined);
  return { name: text(name), size: whole(size), sha256: need(digest(text(sha256))) };
}

function text(value: Json | undefined): string {
  return need(typeof value === "string" ? value : undefined);
}

function whole(value: Json | undefined): number {
  return need(typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined);
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Refused("content", "the reply's content is malformed");
  return value;
}

function malformed(): Refused {
  return new Refused("malformed-reply", "the reply breaks the rules of replies");
}

/** Reads a tar archive of `reply.json` and at most one `attachment`; zeros follow. Refuses as `not-opened`. */
function unpack(archive: Uint8Array): { envelope: Envelope; content: Uint8Array | undefined } {
  const statement = entry(archive, 0, "reply.json", MAX_STATEMENT);
  const attachment = statement && entry(archive, statement.next, "attachment", MAX_ATTACHMENT);
  const end = attachment?.next ?? statement?.next ?? 0;
  if (!statement || archive.subarray(end).some((byte) => byte !== 0)) throw noLetter();
  try {
    return { envelope: Envelope.parse(statement.content), content: attachment?.content };
  } catch {
    throw noLetter();
  }
}

/** The entry at this place; nothing where zeros begin. */
function entry(archive: Uint8Array, at: number, name: string, most: number) {
  const header = archive.subarray(at, at + BLOCK);
  if (header.length < BLOCK || header[0] === 0) return undefined;
  const text = (from: number, length: number) =>
    new TextDecoder().decode(header.subarray(from, from + length)).replace(/[\0 ]+$/, "");
  const sum = header.reduce((sum, byte, place) => sum + (place >= 148 && place < 156 ? 32 : byte), 0);
  const [size, checksum] = [text(124, 12), text(148, 8)].map((octal) => (/^[0-7]+$/.test(octal) ? parseInt(octal, 8) : -1));
  const isFile = header[156] === 0x30 || header[156] === 0;
  if (text(0, 100) !== name || !isFile || checksum !== sum || size === undefined || size < 0 || size > most) {
    throw noLetter();
  }
  const from = at + BLOCK;
  const next = from + Math.ceil(size / BLOCK) * BLOCK;
  if (next > archive.length) throw noLetter();
  return { content: archive.slice(from, from + size), next };
}

function noLetter(): Refused {
  return new Refused("not-opened", "this is not a reply");
}
