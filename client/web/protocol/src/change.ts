/** What an entry of a case log changes in a case (protocol, "Replies, case log, grants"). */

import { utf8 } from "./bytes.ts";
import { all, flag, oneOf, orNull, text, textAs, whole } from "./fields.ts";
import { digest, objectId, type Digest, type ObjectId } from "./ids.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { PublicKey } from "./keys.ts";

/** How far the work on a report has come, in the order of the work. */
export const STATUSES = ["new", "in-review", "verified", "needs-information", "closed", "rejected"] as const;
export type Status = (typeof STATUSES)[number];

/** What one report has to do with another. */
export const RELATIONS = ["duplicate", "same-event", "related"] as const;
export type Relation = (typeof RELATIONS)[number];

const REPLY_KINDS = ["text", "acknowledgement"] as const;
/** Most bytes of a label, a code, a language, or the form in which something was handed out. */
const MAX_LABEL = 200;
/** Most bytes of an outsider's recipient or name. */
const MAX_RECIPIENT = 2000;
/** Most bytes of a reply's text. */
const MAX_REPLY = 64 * 1024;

/** The submitter was answered. */
export interface ReplyNoted {
  readonly change: "reply";
  /** The id of the sealed reply. */
  readonly message: ObjectId;
  /** Its number in the thread. */
  readonly number: number;
  readonly kind: (typeof REPLY_KINDS)[number];
  readonly text: string;
  readonly language: string;
  readonly attachment: { readonly name: string; readonly size: number; readonly sha256: Digest } | null;
}

/** One change to a case. Its texts are a coordinator's words: text, never markup. */
export type Change =
  | { readonly change: "status"; readonly status: Status }
  /** A code of the report's list of severities; null leaves it open again. */
  | { readonly change: "severity"; readonly severity: string | null }
  /** Puts a label on, or takes it off. */
  | { readonly change: "label"; readonly label: string; readonly on: boolean }
  /** The signing key of the coordinator who works on the report; null is nobody. */
  | { readonly change: "assignee"; readonly to: PublicKey | null }
  | { readonly change: "note"; readonly text: string }
  /** Makes a link to another report, or takes it away. */
  | { readonly change: "link"; readonly to: ObjectId; readonly relation: Relation; readonly on: boolean }
  | ReplyNoted
  /** An earlier entry is not to hold. */
  | { readonly change: "undo"; readonly entry: Digest }
  /** A coordinator was let in who could not read the report: her signing key. */
  | { readonly change: "grant-made"; readonly to: PublicKey }
  /** The report, or something made of it, was given to somebody outside: to a recipient or a name, in some form. */
  | { readonly change: "handed-out"; readonly to: string; readonly form: string; readonly digest: Digest }
  /** What this version does not know, as it was written; it changes nothing. */
  | { readonly change: "unknown"; readonly content: JsonObject };

/** Reads a change; what is no object is nothing, and what is not of a form known here is `unknown`. */
export function readChange(value: Json): Change | undefined {
  if (!isObject(value)) return undefined;
  return readKnown(value) ?? { change: "unknown", content: value };
}

function readKnown(value: JsonObject): Change | undefined {
  const { change } = value;
  switch (change) {
    case "status":
      return all({ change, status: oneOf(STATUSES, value["status"]) });
    case "severity":
      return all({ change, severity: orNull(value["severity"], text) });
    case "label":
      return all({ change, label: text(value["label"]), on: flag(value["on"]) });
    case "assignee":
      return all({ change, to: orNull(value["to"], readKey) });
    case "note":
      return all({ change, text: text(value["text"]) });
    case "link": {
      const [to, relation] = [textAs(value["to"], objectId), oneOf(RELATIONS, value["relation"])];
      return all({ change, to, relation, on: flag(value["on"]) });
    }
    case "reply":
      return all<ReplyNoted>({
        change,
        message: textAs(value["message"], objectId),
        number: whole(value["number"]),
        kind: oneOf(REPLY_KINDS, value["kind"]),
        text: text(value["text"]),
        language: text(value["language"]),
        attachment: orNull(value["attachment"], readAttachment),
      });
    case "undo":
      return all({ change, entry: textAs(value["entry"], digest) });
    case "grant-made":
      return all({ change, to: readKey(value["to"]) });
    case "handed-out": {
      const [to, form] = [text(value["to"]), text(value["form"])];
      return all({ change, to, form, digest: textAs(value["digest"], digest) });
    }
    default:
      return undefined;
  }
}

function readKey(value: Json | undefined): PublicKey | undefined {
  return textAs(value, (key) => PublicKey.parse(key));
}

function readAttachment(value: Json): NonNullable<ReplyNoted["attachment"]> | undefined {
  if (!isObject(value)) return undefined;
  const { name, size, sha256 } = value;
  return all({ name: text(name), size: whole(size), sha256: textAs(sha256, digest) });
}

/** The rule that a change breaks, in words; nothing when it keeps them all. */
export function brokenRule(change: Change): string | undefined {
  switch (change.change) {
    case "label":
      return isLine(change.label, MAX_LABEL) && !/^\p{White_Space}|\p{White_Space}$/u.test(change.label)
        ? undefined
        : "a label is no label";
    case "severity":
      return change.severity === null || isLine(change.severity, MAX_LABEL) ? undefined : "a severity is no code";
    case "handed-out":
      return isLine(change.to, MAX_RECIPIENT) && isLine(change.form, MAX_LABEL)
        ? undefined
        : "it does not say to whom and how";
    case "note":
      return isPlain(change.text) ? undefined : "a note is empty or holds control characters";
    case "reply":
      return utf8(change.text).length <= MAX_REPLY && utf8(change.language).length <= MAX_LABEL
        ? undefined
        : "a reply is too long";
    default:
      return undefined;
  }
}

/** Bytes of text in a change, which all changes of an entry have together a limit for. */
export function textLength(change: Change): number {
  return change.change === "note" || change.change === "reply" ? utf8(change.text).length : 0;
}

/** Whether a text is more than white space, short enough, and without control characters. */
function isLine(text: string, most: number): boolean {
  return /\P{White_Space}/u.test(text) && utf8(text).length <= most && !/\p{Cc}/u.test(text);
}

/** Whether a note may have this text: of control characters it holds the end of a line and the tabulator only. */
function isPlain(text: string): boolean {
  return /\P{White_Space}/u.test(text) && !/\p{Cc}/u.test(text.replace(/[\n\t]/g, ""));
}
