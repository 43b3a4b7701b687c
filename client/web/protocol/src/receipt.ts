/** Receipts: what a drop states when it has stored a report durably (protocol, "A receipt"). */

import { fromBase64url } from "./bytes.ts";
import { parseDay, type Day } from "./day.ts";
import { Envelope } from "./dsse.ts";
import { dropId, objectId, type DropId, type ObjectId } from "./ids.ts";
import type { JsonObject } from "./json.ts";
import { Refused } from "./refused.ts";
import { isInForce, type VerifiedRoster } from "./roster.ts";

export interface Receipt {
  readonly drop: DropId;
  readonly report: ObjectId;
  /** The sealed size in bytes. */
  readonly size: number;
  /** The UTC day on which the report was stored. */
  readonly day: Day;
}

/** Reads the header field `Kua-Receipt`: base64url of an envelope's JSON. Refuses as `malformed`. */
export function receiptFromHeader(field: string): Envelope {
  const json = fromBase64url(field);
  if (!json) throw new Refused("malformed", "the receipt is not base64url");
  return Envelope.parse(json);
}

/**
 * Checks a receipt under the drop keys of a verified roster.
 *
 * Refuses as `other-kind`, `bad-signature`, `content`, `other-drop` or `not-in-force`.
 */
export function verifyReceipt(envelope: Envelope, { roster }: VerifiedRoster): Receipt {
  const { dropKeys } = roster;
  const { content, signer } = envelope.verify("receipt", (by) => dropKeys.some(({ key }) => key.text === by.text));
  const receipt = readReceipt(content);
  if (receipt.drop !== roster.drop) throw new Refused("other-drop", "the receipt is of another drop");
  if (!dropKeys.some((known) => known.key.text === signer.text && isInForce(known, receipt.day))) {
    throw new Refused("not-in-force", "the key that signed the receipt was not the drop's on that day");
  }
  return receipt;
}

function readReceipt(content: JsonObject): Receipt {
  const { drop, report, size, day } = content;
  const read = {
    drop: typeof drop === "string" ? dropId(drop) : undefined,
    report: typeof report === "string" ? objectId(report) : undefined,
    size: typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
    day: typeof day === "string" ? parseDay(day) : undefined,
  };
  if (Object.values(read).includes(undefined)) throw new Refused("content", "the receipt's content is malformed");
  return read as Receipt;
}
