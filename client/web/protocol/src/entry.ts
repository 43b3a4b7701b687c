/** An entry of a report's case log: what a coordinator noted, signed inside the seal, and only good in its place. */

import { brokenRule, readChange, textLength, type Change } from "./change.ts";
import { parseDay, type Day } from "./day.ts";
import { Envelope } from "./dsse.ts";
import { all, listOf, textAs, whole } from "./fields.ts";
import { digest, dropId, objectId, type Digest, type DropId, type ObjectId } from "./ids.ts";
import { parseJson, type JsonObject } from "./json.ts";
import { PublicKey } from "./keys.ts";
import { Refused } from "./refused.ts";

/** Most bytes that the envelope of an entry or a grant may have as JSON. */
const MAX_ENVELOPE = 3 * 1024 * 1024;
const MAX_CHANGES = 16;
const MAX_PARENTS = 256;
/** Most bytes of text in all changes of one entry. */
const MAX_TEXT = 1024 * 1024;

/** Where something was found. */
export interface Place {
  readonly drop: DropId;
  readonly report: ObjectId;
}

/**
 * An entry whose author, drop and report were checked.
 *
 * Whether its author may say anything here is asked separately.
 */
export interface Entry {
  /** The key that signed it. */
  readonly author: PublicKey;
  /** The UTC day on which it was written, by the author's clock. */
  readonly day: Day;
  /** The digests of the last entries that the author had seen, sorted; none for a first entry. */
  readonly parents: readonly Digest[];
  /** One more than the highest clock of the parents; 1 for a first entry. */
  readonly clock: number;
  /** The digest of the roster that the author knew. */
  readonly roster: Digest;
  /** What it changes, 1 to 16. */
  readonly changes: readonly Change[];
  /** Its name: the SHA-256 of the signed bytes, which stays the same when it is sealed anew. */
  readonly digest: Digest;
}

/**
 * Reads the envelope of an entry or a grant from the opened object; the zeros that end it are padding.
 *
 * It may be larger than that of any other statement. Refuses as `malformed`.
 */
export function readLogObject(plaintext: Uint8Array): Envelope {
  let end = plaintext.length;
  while (plaintext[end - 1] === 0) end -= 1;
  if (end > MAX_ENVELOPE) {
    throw new Refused("malformed", `the signed statement is malformed: more than ${MAX_ENVELOPE} bytes`);
  }
  return Envelope.fromJson(parseJson(plaintext.subarray(0, end)));
}

/**
 * Checks an entry for the place where it was found; one that was moved from elsewhere is refused like one made up.
 *
 * Refuses as `other-kind`, `bad-signature`, `content`, `other-author`, `other-drop`, `other-report` or `malformed-entry`.
 */
export function verifyEntry(envelope: Envelope, place: Place): Entry {
  const { content, signer, digest } = envelope.verify("entry", () => true);
  const read = readStatement(content);
  if (!read) throw new Refused("content", "the entry's content is malformed");
  const { drop, report, ...entry } = read;
  // Else somebody could sign another's words and take their place.
  if (entry.author.text !== signer.text) {
    throw new Refused("other-author", "somebody else signed the entry than it names as its author");
  }
  if (drop !== place.drop) throw new Refused("other-drop", "the entry was written for another drop");
  if (report !== place.report) throw new Refused("other-report", "the entry was written for another report");
  check(entry);
  return { ...entry, digest };
}

type Statement = Omit<Entry, "digest"> & Place;

function readStatement(content: JsonObject): Statement | undefined {
  const { drop, report, author, day, parents, clock, roster, changes } = content;
  return all<Statement>({
    drop: textAs(drop, dropId),
    report: textAs(report, objectId),
    author: textAs(author, (key) => PublicKey.parse(key)),
    day: textAs(day, parseDay),
    parents: listOf(parents, (parent) => textAs(parent, digest)),
    clock: whole(clock),
    roster: textAs(roster, digest),
    changes: listOf(changes, readChange),
  });
}

/** Checks what the form cannot say. */
function check({ changes, parents, clock }: Omit<Statement, keyof Place>): void {
  rule(changes.length >= 1 && changes.length <= MAX_CHANGES, "it has no change, or too many");
  rule(parents.length <= MAX_PARENTS, "it has too many parents");
  // Digests are lower-case hex of one length: as text they sort as their bytes do.
  rule(parents.every((parent, at) => at === 0 || (parents[at - 1] ?? "") < parent), "its parents are not in order");
  rule(clock >= 1, "its clock is out of range");
  for (const change of changes) {
    const broken = brokenRule(change);
    rule(broken === undefined, broken ?? "");
  }
  const length = changes.reduce((sum, change) => sum + textLength(change), 0);
  rule(length <= MAX_TEXT, "it has more text than an entry may have");
}

function rule(holds: boolean, broken: string): void {
  if (!holds) throw new Refused("malformed-entry", `the entry breaks the rules of entries: ${broken}`);
}
