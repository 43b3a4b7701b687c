/** A coordinator's reply: signed inside the seal, and only good in its place (protocol, "Replies, case log, grants"). */

import { utf8 } from "./bytes.ts";
import { parseDay, type Day } from "./day.ts";
import { Envelope } from "./dsse.ts";
import { digestOf, dropId, objectId, type DropId, type MailboxId, type ObjectId } from "./ids.ts";
import type { JsonObject } from "./json.ts";
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

/** A reply whose author, drop, mailbox and file were checked. */
export interface Reply {
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
  readonly file?: ReplyFile;
}

/** Where a reply was found. */
export interface Place {
  readonly roster: VerifiedRoster;
  readonly mailbox: MailboxId;
}

/**
 * Opens a reply and checks it for the mailbox in which it was found.
 *
 * Refuses as `not-opened` (also what is no letter), `stranger`, `other-drop`, `other-mailbox` or `invalid`.
 */
export async function openReply(sealed: Uint8Array, identity: AgeIdentity, place: Place): Promise<Reply> {
  const letter = unpack(await openSealed(sealed, identity));
  const { roster, mailbox } = place;
  const { content, author } = verified(letter.envelope, roster);
  if (content.drop !== roster.roster.drop) throw new Refused("other-drop", "the reply was written for another drop");
  if (content.mailbox !== mailbox) throw new Refused("other-mailbox", "the reply was written to somebody else");
  const { drop: _, mailbox: __, attachment, ...reply } = content;
  if (!agrees(letter.attachment, attachment)) throw invalid();
  const file = attachment && letter.attachment && { name: attachment.name, content: letter.attachment };
  return { ...reply, author, ...(file ? { file } : {}) };
}

function verified(envelope: Envelope, roster: VerifiedRoster): { content: Statement; author: string } {
  let statement;
  try {
    statement = envelope.verify("reply", (signer) => roster.coordinator(signer) !== undefined);
  } catch {
    throw new Refused("stranger", "no coordinator of this drop signed the reply");
  }
  const author = roster.coordinator(statement.signer)?.name ?? "";
  return { content: readStatement(statement.content), author };
}

interface Stated {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

interface Statement extends Omit<Reply, "author" | "file"> {
  readonly drop: DropId;
  readonly mailbox: string;
  readonly attachment?: Stated;
}

function readStatement(content: JsonObject): Statement {
  const { drop, mailbox, number, report, day, kind, text, language, attachment } = content;
  const read = {
    drop: typeof drop === "string" ? dropId(drop) : undefined,
    mailbox: typeof mailbox === "string" ? mailbox : undefined,
    number: typeof number === "number" && Number.isSafeInteger(number) && number >= 1 ? number : undefined,
    report: typeof report === "string" ? objectId(report) : undefined,
    day: typeof day === "string" ? parseDay(day) : undefined,
    kind: kind === "text" || kind === "acknowledgement" ? kind : undefined,
    text: typeof text === "string" && utf8(text).length <= MAX_TEXT ? text : undefined,
    language: typeof language === "string" ? language : undefined,
  };
  if (Object.values(read).includes(undefined)) throw invalid();
  const file = attachment == null ? {} : { attachment: readStated(attachment) };
  return { ...(read as Omit<Statement, "attachment">), ...file };
}

function readStated(value: unknown): Stated {
  const { name, size, sha256 } = (typeof value === "object" && value !== null ? value : {}) as Partial<Stated>;
  const isSize = typeof size === "number" && Number.isSafeInteger(size) && size >= 0 && size <= MAX_ATTACHMENT;
  if (typeof name !== "string" || !isSize || typeof sha256 !== "string") throw invalid();
  return { name, size, sha256 };
}

function agrees(content: Uint8Array | undefined, stated: Stated | undefined): boolean {
  if (!content || !stated) return !content && !stated;
  return content.length === stated.size && digestOf(content) === stated.sha256;
}

function invalid(): Refused {
  return new Refused("invalid", "the reply breaks the rules of replies");
}

/** Reads a tar archive of `reply.json` and at most one `attachment`; zeros follow. Refuses as `not-opened`. */
function unpack(archive: Uint8Array): { envelope: Envelope; attachment?: Uint8Array } {
  const statement = entry(archive, 0, "reply.json", MAX_STATEMENT);
  const attachment = statement && entry(archive, statement.next, "attachment", MAX_ATTACHMENT);
  const end = attachment?.next ?? statement?.next ?? 0;
  if (!statement || archive.subarray(end).some((byte) => byte !== 0)) throw noLetter();
  try {
    const envelope = Envelope.parse(statement.content);
    return { envelope, ...(attachment ? { attachment: attachment.content } : {}) };
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
