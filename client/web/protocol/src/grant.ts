/** A grant: a report's file key, handed by a coordinator who can open the report to one who cannot. */

import { fromBase64url } from "./bytes.ts";
import { parseDay, type Day } from "./day.ts";
import { payloadType, type Envelope } from "./dsse.ts";
import type { Place } from "./entry.ts";
import { all, textAs } from "./fields.ts";
import { dropId, objectId } from "./ids.ts";
import type { JsonObject } from "./json.ts";
import { PublicKey } from "./keys.ts";
import { Refused } from "./refused.ts";

/** The key of one sealed object: 16 secret bytes (C2SP age, "File key"). It shows nothing when it is printed. */
export class FileKey {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads a key in base64url; anything else is nothing. */
  static parse(text: string): FileKey | undefined {
    const bytes = fromBase64url(text, 16);
    return bytes && new FileKey(bytes);
  }

  /** The secret bytes, for opening the object. */
  expose(): Uint8Array {
    return this.#bytes;
  }
}

/** A grant whose signature and place were checked. */
export interface Grant {
  /** Who made it. */
  readonly author: PublicKey;
  /** The signing key of the coordinator that it is for. */
  readonly to: PublicKey;
  /** The UTC day on which it was made. */
  readonly day: Day;
  /** The key that opens the report. */
  readonly fileKey: FileKey;
}

/** Whether an envelope claims to be a grant; its reader checks that again. */
export function claimsToBeGrant(envelope: Envelope): boolean {
  return envelope.type === payloadType("grant");
}

/**
 * Checks a grant for the report at which it was found, and for the coordinator who opened it.
 *
 * Who made it does not matter to its reader: the key either opens the report's very bytes or it does not.
 * Refuses as `other-kind`, `bad-signature`, `content` or `other-place`.
 */
export function verifyGrant(envelope: Envelope, place: Place, isMine: (key: PublicKey) => boolean): Grant {
  const { content, signer } = envelope.verify("grant", () => true);
  const read = readStatement(content);
  if (!read) throw new Refused("content", "the grant's content is malformed");
  const { drop, report, ...grant } = read;
  if (drop !== place.drop || report !== place.report || !isMine(grant.to)) {
    throw new Refused("other-place", "the grant was written for another place or another person");
  }
  return { ...grant, author: signer };
}

type Statement = Omit<Grant, "author"> & Place;

function readStatement(content: JsonObject): Statement | undefined {
  const { drop, report, to, day, file_key } = content;
  return all<Statement>({
    drop: textAs(drop, dropId),
    report: textAs(report, objectId),
    to: textAs(to, (key) => PublicKey.parse(key)),
    day: textAs(day, parseDay),
    fileKey: textAs(file_key, (key) => FileKey.parse(key)),
  });
}
